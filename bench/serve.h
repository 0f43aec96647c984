// Serve: measures Lancer on request, for a driver in another language whose peers take
// turns with it. A request is a line of fields with tabs between, an answer a line of
// JSON:
//
//   load PATH                          an Arrow IPC file becomes the table
//   write PROFILE PATH                 writes the table, one thread
//   check PATH                         compares a file with the table
//   scan PATH VERIFY [COLUMN...]       opens and scans a file, one thread; VERIFY: once,
//   never
//
//   {"seconds": 0.1, "cpu": 0.1}       of what was measured, else zeros
//   {"error": "..."}
//
// Ownership: the table is kept until the next load. Thread rule: one thread.
#pragma once

#include <iosfwd>

namespace lancer::bench {

// Until the input ends.
void Serve(std::istream& requests, std::ostream& answers);

}  // namespace lancer::bench
