// A tiny shared library for pyarrow_bridge_test.py: it takes Arrow C structs in and gives
// them back through Lancer's arrays. Returns the empty string, or what failed.
#include <string>

#include "lancer/arrow_bridge.h"

namespace {

const char* Report(const lancer::Status& status) {
  static thread_local std::string text;
  text = status.ok() ? "" : status.ToString();
  return text.c_str();
}

lancer::Status EchoArray(ArrowSchema* schema, ArrowArray* array, ArrowSchema* schema_out,
                         ArrowArray* array_out) {
  lancer::Result<lancer::Field> field = lancer::ImportField(schema);
  if (!field.has_value()) {
    array->release(array);
    return field.error();
  }
  LANCER_ASSIGN_OR_RETURN(lancer::ArrayPtr ours, lancer::ImportArray(*field, array));
  LANCER_RETURN_IF_ERROR(ours->Validate("x", /*full=*/true));
  LANCER_RETURN_IF_ERROR(lancer::ExportField(*field, schema_out));
  return lancer::ExportArray(ours, array_out);
}

lancer::Status EchoStream(ArrowArrayStream* stream, ArrowArrayStream* out) {
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<lancer::BatchReader> reader,
                          lancer::ImportStream(stream));
  return lancer::ExportStream(std::move(reader), out);
}

// Rows as text, one a line.
lancer::Result<std::string> FormatRows(ArrowSchema* schema, ArrowArray* array) {
  lancer::Result<lancer::Field> field = lancer::ImportField(schema);
  if (!field.has_value()) {
    array->release(array);
    return field.error();
  }
  LANCER_ASSIGN_OR_RETURN(lancer::ArrayPtr ours, lancer::ImportArray(*field, array));
  std::string text;
  for (int64_t row = 0; row < ours->length(); ++row) {
    text += ours->FormatValue(row, *field) + "\n";
  }
  return text;
}

}  // namespace

extern "C" {

LANCER_EXPORT const char* lancer_echo_array(ArrowSchema* schema, ArrowArray* array,
                                            ArrowSchema* schema_out,
                                            ArrowArray* array_out) {
  return Report(EchoArray(schema, array, schema_out, array_out));
}

LANCER_EXPORT const char* lancer_echo_stream(ArrowArrayStream* stream,
                                             ArrowArrayStream* out) {
  return Report(EchoStream(stream, out));
}

// The type's name as Lancer prints it, or what failed with "! " before it.
LANCER_EXPORT const char* lancer_type_name(ArrowSchema* schema) {
  static thread_local std::string text;
  lancer::Result<lancer::Field> field = lancer::ImportField(schema);
  text = field.has_value() ? field->type->ToString() : "! " + field.error().ToString();
  return text.c_str();
}

LANCER_EXPORT const char* lancer_format_rows(ArrowSchema* schema, ArrowArray* array) {
  static thread_local std::string text;
  lancer::Result<std::string> rows = FormatRows(schema, array);
  text = rows.has_value() ? *rows : "! " + rows.error().ToString();
  return text.c_str();
}
}
