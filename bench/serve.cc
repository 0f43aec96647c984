#include "bench/serve.h"

#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>

#include <istream>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "bench/arrow_bridge.h"
#include "bench/harness.h"
#include "bench/peers/lancer_file.h"
#include "lancer/file_reader.h"

namespace lancer::bench {
namespace {

using Fields = std::vector<std::string>;

class Server {
 public:
  Result<Sample> Answer(const Fields& fields) {
    const auto found = Requests().find(fields.front());
    if (found == Requests().end() || fields.size() < found->second.fields) {
      return Status::InvalidArgument(fields.front() + ": no such request");
    }
    return (this->*found->second.method)(fields);
  }

 private:
  struct Request {
    size_t fields;  // at least, the name among them
    Result<Sample> (Server::*method)(const Fields&);
  };
  static const std::map<std::string, Request>& Requests() {
    static const std::map<std::string, Request> requests = {
        {"load", {2, &Server::Load}},
        {"write", {3, &Server::Write}},
        {"check", {2, &Server::Check}},
        {"scan", {3, &Server::Scan}}};
    return requests;
  }

  Result<Sample> Load(const Fields& fields) {
    table_.reset();
    LANCER_ASSIGN_OR_RETURN(auto file,
                            FromArrow(arrow::io::ReadableFile::Open(fields[1])));
    LANCER_ASSIGN_OR_RETURN(
        auto reader, FromArrow(arrow::ipc::RecordBatchFileReader::Open(std::move(file))));
    LANCER_ASSIGN_OR_RETURN(auto read, FromArrow(reader->ToTable()));
    LANCER_ASSIGN_OR_RETURN(table_, FromArrow(read->CombineChunks()));
    return Sample();
  }

  Result<Sample> Write(const Fields& fields) {
    WriterOptions options;
    options.threads = 1;
    for (const Profile profile :
         {Profile::kRandom, Profile::kCompact, Profile::kArchive}) {
      if (ProfileName(profile) == fields[1]) {
        options.profile = profile;
      }
    }
    const Stopwatch watch;
    LANCER_RETURN_IF_ERROR(WriteLancerFile(table_, fields[2], options));
    return watch.Stop();
  }

  Result<Sample> Check(const Fields& fields) {
    LANCER_ASSIGN_OR_RETURN(auto reader, FileReader::Open(fields[1]));
    LANCER_ASSIGN_OR_RETURN(auto rows, reader->Scan());
    LANCER_ASSIGN_OR_RETURN(auto table, AsTable(std::move(rows)));
    return table->Equals(*table_)
               ? Result<Sample>(Sample())
               : Status::Internal(fields[1] + ": differs from the source");
  }

  Result<Sample> Scan(const Fields& fields) {
    ScanOptions options;
    options.verify = fields[2] == "never" ? Verify::kNever : Verify::kOnce;
    if (fields.size() > 3) {
      options.columns = Fields(fields.begin() + 3, fields.end());
    }
    const Stopwatch watch;
    LANCER_ASSIGN_OR_RETURN(auto reader, FileReader::Open(fields[1]));
    LANCER_ASSIGN_OR_RETURN(auto rows, reader->Scan(options));
    uint64_t count = 0;
    while (true) {
      LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, rows->Next());
      if (!batch) {
        break;
      }
      count += static_cast<uint64_t>(batch->length);
    }
    return count == reader->row_count()
               ? Result<Sample>(watch.Stop())
               : Status::Internal(fields[1] + ": rows are missing");
  }

  std::shared_ptr<arrow::Table> table_;
};

}  // namespace

void Serve(std::istream& requests, std::ostream& answers) {
  Server server;
  std::string line;
  while (std::getline(requests, line)) {
    Fields fields;
    std::istringstream parts(line);
    for (std::string field; std::getline(parts, field, '\t');) {
      fields.push_back(std::move(field));
    }
    const Result<Sample> sample = fields.empty()
                                      ? Status::InvalidArgument("an empty request")
                                      : server.Answer(fields);
    nlohmann::ordered_json answer;
    if (sample) {
      answer = {{"seconds", sample->cost}, {"cpu", sample->cpu}};
    } else {
      answer = {{"error", sample.error().ToString()}};
    }
    answers << answer.dump() << std::endl;
  }
}

}  // namespace lancer::bench
