// All of Lancer's public headers.
//
// Ownership and thread rule: as each header says.
#pragma once

#include "lancer/array.h"
#include "lancer/arrow_bridge.h"
#include "lancer/context.h"
#include "lancer/dataset.h"
#include "lancer/file_reader.h"
#include "lancer/file_writer.h"
#include "lancer/schema.h"
#include "lancer/status.h"
#include "lancer/tensor_slice.h"
