// Take: rows at random positions of one column, 1, 32 and 1,024 at a time.
//
// State "hot": opened once, files in the page cache, every page touched before (so
// Lancer's checksums are verified, unless "checks always"). "first touch": opened anew,
// files in the page cache, no row asked twice. "cold": opened anew after the files were
// dropped from the page cache.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <random>

#include "bench/commands.h"
#include "bench/machine.h"

namespace lancer::bench {
namespace {

constexpr std::array<size_t, 3> kCounts = {1, 32, 1024};  // rows per call

// Rows of a repetition after reopening, whatever the size of a call: each is touched for
// the first time, and so is what they share (a page's index, the column's metadata).
constexpr size_t kFreshRows = 1024;

enum class State { kHot, kFirstTouch, kCold };

const char* StateText(State state) {
  switch (state) {
    case State::kFirstTouch:
      return "first touch after open, page cache hot";
    case State::kCold:
      return "cold: dropped from the page cache, opened anew";
    default:
      return "hot";
  }
}

struct Column {
  NamedTable table;
  std::string kind;        // "int64", ...
  double one_us, many_us;  // figures to reach at 1 and 1,024 rows; 0: there are none
  double compact_us = 0;   // and at 1 row in the profile compact
};

// Row numbers of one repetition: the same for every peer; a slow peer uses the first.
class Rows {
 public:
  Rows(uint64_t row_count, size_t per_call)
      : row_count_(row_count), per_call_(per_call) {}

  // Call number `call` of a repetition.
  std::span<const uint64_t> Call(int repetition, size_t call) {
    const auto index = static_cast<size_t>(repetition);
    while (drawn_.size() <= index) {
      drawn_.emplace_back();
      engines_.emplace_back(1000 + drawn_.size());
    }
    auto& rows = drawn_[index];
    while (rows.size() < (call + 1) * per_call_) {
      rows.push_back(engines_[index]() % row_count_);
    }
    return std::span(rows).subspan(call * per_call_, per_call_);
  }
  // Draws ahead, so that drawing is not measured.
  void Prepare(int repetition, size_t calls) { Call(repetition, calls - 1); }
  size_t per_call() const { return per_call_; }

 private:
  uint64_t row_count_;
  size_t per_call_;
  std::vector<std::vector<uint64_t>> drawn_;
  std::vector<std::mt19937_64> engines_;
};

Status Check(Peer& peer, const Taken& source, std::span<const uint64_t> rows) {
  Taken taken;
  LANCER_RETURN_IF_ERROR(peer.Take(rows, &taken));
  if (taken.rows != rows.size()) {
    return Status::Internal(
        fmt::format("{} rows came back of {}", taken.rows, rows.size()));
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!std::ranges::equal(taken.row(i), source.row(rows[i]))) {
      return Status::Internal(fmt::format("row {} differs from the source", rows[i]));
    }
  }
  return Status::Ok();
}

// Takes `calls` times and gives microseconds per row.
Result<Sample> Measure(Peer& peer, Rows& rows, int repetition, size_t calls) {
  rows.Prepare(repetition, calls);
  Taken taken;
  uint64_t sum = 0;
  const Stopwatch watch;
  for (size_t call = 0; call < calls; ++call) {
    LANCER_RETURN_IF_ERROR(peer.Take(rows.Call(repetition, call), &taken));
    sum += taken.rows;
  }
  const Sample sample = watch.Stop(1e6 / static_cast<double>(calls * rows.per_call()));
  return sum == calls * rows.per_call()
             ? Result<Sample>(sample)
             : Result<Sample>(Status::Internal("rows are missing"));
}

// Calls that make a repetition long enough to time.
Result<size_t> CallsFor(Peer& peer, Rows& rows, bool quick) {
  LANCER_ASSIGN_OR_RETURN(const Sample first, Measure(peer, rows, 0, 1));
  const double call_us = first.cost * static_cast<double>(rows.per_call());
  const double budget_us = quick ? 5e3 : 30e3;
  const size_t most = rows.per_call() == 1 ? 2048 : rows.per_call() == 32 ? 256 : 32;
  return static_cast<size_t>(
      std::clamp(budget_us / call_us, 1.0, static_cast<double>(most)));
}

class TakeBench {
 public:
  TakeBench(const Setting& setting, Results* results)
      : setting_(setting), results_(results) {}

  Status Run(const Column& column) {
    const auto wanted = [&](size_t count) {
      return results_->Wants(Title(column, count));
    };
    if (std::ranges::none_of(kCounts, wanted)) {
      return Status::Ok();
    }
    const std::string folder = setting_.work_folder + "/take";
    LANCER_RETURN_IF_ERROR(MakeEmptyFolder(folder));
    LANCER_ASSIGN_OR_RETURN(source_, ViewOf(column.table.table->column(0)->chunk(0)));
    peers_.clear();
    peers_.push_back(MakeLancerFile());
    peers_.push_back(MakeLancerFile(Profile::kRandom, Checks::kAlways));
    peers_.push_back(MakeLancerFile(Profile::kCompact));
    peers_.push_back(MakeLancerDataset());
    peers_.push_back(MakeLmdb());
    peers_.push_back(MakeArrowIpc());
    peers_.push_back(MakeRawFiles());
    peers_.push_back(MakeParquetPages());
    peers_.push_back(MakeParquetSmall());
    peers_.push_back(MakeParquet());
    WriteAll(column.table.table, folder, &peers_, results_);
    CheckAll(folder);
    for (const State state : {State::kHot, State::kFirstTouch, State::kCold}) {
      for (const size_t count : kCounts) {
        MeasureGroup(column, folder, state, count);
      }
    }
    peers_.clear();
    return Status::Ok();
  }

 private:
  static std::string Title(const Column& column, size_t count) {
    return fmt::format("take {} ({}), {} row{} a call", column.kind, column.table.name,
                       count, count == 1 ? "" : "s");
  }

  // Every peer gives the source's values, once, before anything is timed.
  void CheckAll(const std::string& folder) {
    std::mt19937_64 engine(99);
    std::vector<uint64_t> rows;
    for (int i = 0; i < 500; ++i) {
      rows.push_back(engine() % source_.rows);
    }
    rows.insert(rows.end(), {source_.rows - 1, 0, 0});
    for (PeerPtr& peer : peers_) {
      Status status = peer->Open(FolderOf(*peer, folder));
      if (status.ok()) {
        status = Check(*peer, source_, rows);
      }
      if (!status.ok()) {
        results_->Note(peer->name() + " is left out: " + status.ToString());
        peer.reset();
      }
    }
    std::erase(peers_, nullptr);
  }

  // Touches all parts of the file, as long as that is quick: every row, since a vector is
  // a check unit of its own, but for tables of small rows that share theirs.
  void WarmUp(Peer& peer, Rows& rows) {
    constexpr uint64_t kManyRows = 1 << 20;
    const uint64_t step = source_.rows > kManyRows ? 16 : 1;
    Taken taken;
    std::vector<uint64_t> all;
    for (uint64_t row = 0; row < source_.rows; row += step) {
      all.push_back(row);
    }
    const Stopwatch watch;
    for (size_t at = 0; at < all.size() && watch.Seconds() < 2; at += 4096) {
      const size_t count = std::min<size_t>(4096, all.size() - at);
      static_cast<void>(peer.Take(std::span(all).subspan(at, count), &taken));
    }
    static_cast<void>(peer.Take(rows.Call(0, 0), &taken));
  }

  void MeasureGroup(const Column& column, const std::string& folder, State state,
                    size_t count) {
    Group group;
    group.title = Title(column, count);
    group.unit = "us/row";
    group.state = StateText(state);
    Rows rows(source_.rows, count);
    for (PeerPtr& peer : peers_) {
      const std::string path = FolderOf(*peer, folder);
      group.contenders.push_back(state == State::kHot
                                     ? Hot(*peer, path, rows)
                                     : Reopened(*peer, path, rows, state));
    }
    AddTargets(column, state, count, &group);
    results_->Measure(group);
    for (PeerPtr& peer : peers_) {
      peer->Close();
    }
  }

  Contender Hot(Peer& peer, const std::string& path, Rows& rows) {
    auto calls = std::make_shared<size_t>(0);
    return {peer.name(), peer.setting(),
            [this, &peer, &rows, path, calls](int repetition) -> Result<Sample> {
              if (*calls == 0) {
                LANCER_RETURN_IF_ERROR(LoadIntoCache(path));
                LANCER_RETURN_IF_ERROR(peer.Open(path));
                WarmUp(peer, rows);
                LANCER_ASSIGN_OR_RETURN(*calls, CallsFor(peer, rows, setting_.quick));
              }
              return Measure(peer, rows, repetition, *calls);
            }};
  }

  // Opening is not timed; what it brings into the cache (metadata) stays there.
  Contender Reopened(Peer& peer, const std::string& path, Rows& rows, State state) {
    return {peer.name(), peer.setting(),
            [&peer, &rows, path, state](int repetition) -> Result<Sample> {
              peer.Close();
              LANCER_RETURN_IF_ERROR(state == State::kCold ? DropFromCache(path)
                                                           : LoadIntoCache(path));
              LANCER_RETURN_IF_ERROR(peer.Open(path));
              const size_t calls = IsQuick(peer) ? kFreshRows / rows.per_call() : 1;
              Result<Sample> sample = Measure(peer, rows, repetition, calls);
              peer.Close();
              return sample;
            }};
  }
  // Whether reading many rows is a matter of moments, not of as many row groups.
  static bool IsQuick(const Peer& peer) {
    return peer.name() != "parquet" && peer.name() != "parquet small";
  }

  static void AddTargets(const Column& column, State state, size_t count, Group* group) {
    using Kind = Target::Kind;
    if (column.one_us == 0) {
      return;
    }
    if (state == State::kFirstTouch && count != 32) {
      constexpr double kOfHot = 3;  // what a first touch may cost
      group->targets = {{"lancer dataset", Kind::kCostAtMost,
                         kOfHot * (count == 1 ? column.one_us : column.many_us)}};
    }
    if (state != State::kHot) {
      return;
    }
    if (count == 1) {
      group->targets = {{"lancer dataset", Kind::kCostAtMost, column.one_us},
                        {"parquet", Kind::kTimesOursAtLeast, 100},
                        {"parquet small", Kind::kTimesOursAtLeast, 20},
                        {"lmdb", Kind::kTimesOursAtLeast, 0.5}};
      if (column.compact_us > 0) {
        group->targets.push_back(
            {"lancer compact", Kind::kCostAtMost, column.compact_us});
      }
    } else if (count == 1024) {
      group->targets = {{"lancer dataset", Kind::kCostAtMost, column.many_us},
                        {"lmdb", Kind::kTimesOursAtLeast, 1}};
    }
  }

  const Setting& setting_;
  Results* results_;
  Taken source_;
  std::vector<PeerPtr> peers_;
};

}  // namespace

Status BenchTake(const Setting& setting, Results* results) {
  TakeBench bench(setting, results);
  {
    LANCER_ASSIGN_OR_RETURN(const NamedTable lineitem, LoadLineitem(setting.tables));
    LANCER_ASSIGN_OR_RETURN(NamedTable keys, OneColumn(lineitem, "l_orderkey"));
    LANCER_RETURN_IF_ERROR(bench.Run({std::move(keys), "int64", 1.8, 0.4, 10}));
    LANCER_ASSIGN_OR_RETURN(NamedTable comments, OneColumn(lineitem, "l_comment"));
    LANCER_RETURN_IF_ERROR(bench.Run({std::move(comments), "short string", 3, 0.6}));
  }
  LANCER_ASSIGN_OR_RETURN(const NamedTable packages, LoadPackages(setting.tables));
  LANCER_ASSIGN_OR_RETURN(NamedTable texts, OneColumn(packages, "description"));
  LANCER_RETURN_IF_ERROR(bench.Run({std::move(texts), "text", 6, 1, 40}));
  LANCER_ASSIGN_OR_RETURN(NamedTable vectors, LoadEmbeddings(setting.tables));
  LANCER_RETURN_IF_ERROR(bench.Run({std::move(vectors), "vector 384 f32", 3, 0.4}));
  LANCER_ASSIGN_OR_RETURN(std::optional<NamedTable> photos, LoadPhotos(setting.tables));
  return photos.has_value() ? bench.Run({*std::move(photos), "image", 0, 0})
                            : Status::Ok();
}

}  // namespace lancer::bench
