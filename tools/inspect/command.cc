#include "tools/inspect/command.h"

#include <array>

namespace lancer::tools {

std::span<const Command> Commands() {
  static constexpr std::array kCommands = {
      Command{"summary", "what the table is: rows, columns, version, size", "",
              RunSummary, FormatSummary, kTakesNothing},
      Command{"schema", "columns with types, ids and metadata", "schema", RunSchema,
              FormatSchema, kTakesColumns},
      Command{"pages", "pages of each leaf column: rows, place, encoding, statistics",
              "pages --columns id --explain", RunPages, FormatPages,
              kTakesColumns | kTakesFragment | kTakesExplain},
      Command{"stats", "nulls, distinct, smallest and largest values of each leaf column",
              "stats", RunStats, FormatStats, kTakesColumns | kTakesFragment},
      Command{"versions", "published versions, oldest first", "versions --json",
              RunVersions, FormatVersions, kTakesNothing},
      Command{"files", "data files of the version, with row ids and digests", "files",
              RunFiles, FormatFiles, kTakesNothing},
      Command{"head", "the first rows", "head -n 5 --columns id,name", RunHead,
              FormatRows, kTakesColumns | kTakesCount},
      Command{"take", "rows by number, in the order given", "take 7 1024 7", RunTake,
              FormatRows, kTakesColumns | kTakesRows},
      Command{"verify", "read and check every byte; exit code 1 when one is damaged",
              "verify --version 3", RunVerify, FormatVerify, kTakesNothing},
      Command{"layout", "a drawing of where the bytes go", "layout", RunLayout,
              FormatLayout, kTakesColumns | kTakesFragment},
  };
  return kCommands;
}

const Command* FindCommand(std::string_view name) {
  for (const Command& command : Commands()) {
    if (command.name == name) {
      return &command;
    }
  }
  return nullptr;
}

}  // namespace lancer::tools
