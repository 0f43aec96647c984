#include "io/describe_file_system.h"

#include <sys/vfs.h>

#include "io/posix.h"

namespace lancer {
namespace {

struct KnownMagic {
  uint64_t magic;
  FileSystemKind kind;
};

constexpr std::string_view kUnknownName = "unknown";

// Values of statfs(2) and linux/magic.h; written out, since headers lack some of them.
constexpr KnownMagic kKnown[] = {
    {0xEF53, {"ext4", false}},  // ext2, ext3 and ext4 share it
    {0x58465342, {"xfs", false}},      {0x9123683E, {"btrfs", false}},
    {0xF2F52010, {"f2fs", false}},     {0xCA451A4E, {"bcachefs", false}},
    {0x2FC12FC1, {"zfs", false}},      {0x01021994, {"tmpfs", false}},
    {0x858458F6, {"ramfs", false}},    {0x794C7630, {"overlay", false}},
    {0x73717368, {"squashfs", false}}, {0xE0F5E1E2, {"erofs", false}},
    {0x9660, {"iso9660", false}},      {0x15013346, {"udf", false}},
    {0x4D44, {"vfat", false}},         {0x2011BAB0, {"exfat", false}},
    {0x5346544E, {"ntfs", false}},     {0x7366746E, {"ntfs3", false}},
    {0x6969, {"nfs", true}},           {0x517B, {"smb", true}},
    {0xFF534D42, {"cifs", true}},      {0xFE534D42, {"smb2", true}},
    {0x65735546, {"fuse", true}},      {0x01021997, {"9p", true}},
    {0x00C36400, {"ceph", true}},      {0x0BD00BD0, {"lustre", true}},
    {0x47504653, {"gpfs", true}},      {0x19830326, {"beegfs", true}},
    {0x01161970, {"gfs2", true}},      {0x7461636F, {"ocfs2", true}},
    {0x5346414F, {"afs", true}},       {0x6B414653, {"kafs", true}},
    {0x73757245, {"coda", true}},
};

}  // namespace

FileSystemKind KindOfMagic(uint64_t magic) {
  for (const KnownMagic& known : kKnown) {
    if (known.magic == magic) {
      return known.kind;
    }
  }
  return {kUnknownName, false};
}

bool LocksProveLifeOn(const FileSystemKind& kind) {
  return !kind.network && kind.name != kUnknownName;
}

Result<FileSystemKind> DescribeFileSystem(const std::string& path) {
  LANCER_RETURN_IF_ERROR(CheckPath(path));
  struct statfs info {};
  if (RetryOnInterrupt([&] { return statfs(path.c_str(), &info); }) != 0) {
    return ErrnoStatus(errno, "ask for its file system", path);
  }
  // f_type is signed on some machines; only its low 32 bits carry the number.
  return KindOfMagic(static_cast<uint32_t>(info.f_type));
}

FileSystemKind DescribeDescriptor(int descriptor) {
  struct statfs info {};
  if (RetryOnInterrupt([&] { return fstatfs(descriptor, &info); }) != 0) {
    return {kUnknownName, false};
  }
  return KindOfMagic(static_cast<uint32_t>(info.f_type));
}

}  // namespace lancer
