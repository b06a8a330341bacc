"""HDF5 files: every array is listed, or the file is refused, in bounded time and memory."""

from __future__ import annotations

import os
import tracemalloc
import zlib

import numpy as np
import pytest

from npmobile.pretrained import hdf5

h5py = pytest.importorskip("h5py", reason="h5py is not installed (pip install 'npmobile[pretrained]')")
NUMBERS = np.random.default_rng(0).standard_normal((40, 30)).astype(np.float32)


@pytest.fixture
def written(tmp_path):
    """Write a file with a function, and open it for reading."""
    opened = []

    def write(fill):
        path = tmp_path / f"{len(opened)}.h5"
        with h5py.File(path, "w") as file:
            fill(file)
        opened.append(h5py.File(path, "r"))
        return opened[-1]

    yield write
    for file in opened:
        file.close()


def read(file, name):
    dataset = file[name]
    return hdf5.stored(name, dataset, dataset.shape, os.path.getsize(file.filename)).read()


# Lists


def test_arrays_are_listed_by_full_names_and_groups_left_out(written):
    def fill(file):
        file["a/b/c"] = NUMBERS
        file["a/d"] = 1.0
        file["optimizer/vars/0"] = NUMBERS
        file.create_group("empty/group")

    file = written(fill)
    assert set(hdf5.arrays(file)) == {"a/b/c", "a/d", "optimizer/vars/0"}
    assert set(hdf5.arrays(file, {"optimizer"})) == {"a/b/c", "a/d"}
    assert hdf5.arrays(file)["a/b/c"] == file["a/b/c"]


def alias(file):
    file["again"] = file["a/b"]


def group_alias(file):
    file["again"] = file["a"]


def circle(file):
    file["a/root"] = file["/"]


def soft(file):
    file["again"] = h5py.SoftLink("/a/b")


def external(file):
    file["again"] = h5py.ExternalLink("other.h5", "/a")


def dangling(file):
    file["again"] = h5py.SoftLink("/nowhere")


def empty(file):
    file["again"] = h5py.Empty("f4")


def committed(file):
    file["again"] = np.dtype(np.float32)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (alias, r"'again' is a second name of 'a/b'|'a/b' is a second name of 'again'"),
        (group_alias, r"'again' is a second name of 'a'"),
        (circle, r"'a/root' is a second name of '/'"),
        (soft, "'again' is a link to another place"),
        (external, "'again' is a link to another place"),
        (dangling, "'again' is a link to another place"),
        (empty, "'again' is neither an array nor a group"),
        (committed, "'again' is neither an array nor a group"),
    ],
)
def test_links_and_second_names_are_refused(written, change, problem):
    def fill(file):
        file["a/b"] = NUMBERS
        change(file)

    with pytest.raises(ValueError, match=problem):
        hdf5.arrays(written(fill))


def test_a_file_with_too_many_entries_is_not_listed(written):
    assert hdf5.arrays(written(lambda file: [file.create_group(f"g{i:05}") for i in range(10_000)])) == {}
    wide = written(lambda file: [file.create_group(f"g{i:05}") for i in range(10_001)])
    with pytest.raises(ValueError, match="it holds more than 10,000 groups and arrays"):
        hdf5.arrays(wide)


def test_entries_are_counted_over_all_groups(written):
    def fill(file):
        for outer in range(101):
            for inner in range(99):
                file.create_group(f"{outer}/{inner}")

    with pytest.raises(ValueError, match="it holds more than 10,000 groups and arrays"):
        hdf5.arrays(written(fill))


def test_groups_nested_too_deep_are_not_followed(written):
    assert list(hdf5.arrays(written(lambda file: file.create_dataset("g/" * 10 + "x", data=1.0)))) == ["g/" * 10 + "x"]
    with pytest.raises(ValueError, match="its groups are nested more than 10 deep"):
        hdf5.arrays(written(lambda file: file.create_group("g/" * 3000)))


# Arrays


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"chunks": (16, 7)},
        {"chunks": (16, 7), "compression": "gzip"},
        {"chunks": (16, 7), "compression": "gzip", "shuffle": True, "fletcher32": True},
        {"chunks": (40, 30), "maxshape": (None, 30), "compression": "gzip"},
    ],
)
def test_arrays_are_read_plain_and_compressed(written, how):
    file = written(lambda file: file.create_dataset("x", data=NUMBERS, **how))
    assert np.array_equal(read(file, "x"), NUMBERS)


def test_a_chunk_that_is_marked_as_not_packed_is_read(written):
    """HDF5 leaves a chunk as it is where gzip would make it larger. These bytes would unpack to 10 million."""
    packed = zlib.compress(bytes(10_000_000), 9)
    content = np.frombuffer(packed[: len(packed) // 4 * 4], np.float32)

    def fill(file):
        dataset = file.create_dataset("x", content.shape, "f4", chunks=content.shape, compression="gzip")
        dataset.id.write_direct_chunk((0,), content.tobytes(), filter_mask=1)

    assert read(written(fill), "x").tobytes() == content.tobytes()


def test_an_array_is_read_in_the_shape_that_is_asked_for(written):
    file = written(lambda file: file.create_dataset("x", data=NUMBERS))
    stored = hdf5.stored("x", file["x"], (30, 40), 10_000)
    assert (stored.shape, stored.dtype) == ((30, 40), np.float32)
    assert np.array_equal(stored.read(), NUMBERS.reshape(30, 40))


def packed_larger(file):
    """A chunk that declares 4800 bytes, with gzip's packing of 10 million zeros."""
    dataset = file.create_dataset("x", NUMBERS.shape, "f4", chunks=NUMBERS.shape, compression="gzip")
    dataset.id.write_direct_chunk((0, 0), zlib.compress(bytes(10_000_000)))


def large_chunk(file):
    """An array of 4800 bytes in one chunk of 40 million."""
    file.create_dataset("x", data=NUMBERS, chunks=(10**5, 100), maxshape=(None, None), compression="gzip")


def many_chunks(file):
    file.create_dataset("x", (101, 100), "f4", chunks=(1, 1))


def one_chunk_missing(file):
    dataset = file.create_dataset("x", NUMBERS.shape, "f4", chunks=(20, 30))
    dataset[:20] = NUMBERS[:20]


def never_written(file):
    file.create_dataset("x", NUMBERS.shape, "f4")


def elsewhere(file):
    file.create_dataset("x", NUMBERS.shape, "f4", external=[("other.bin", 0, NUMBERS.nbytes)])


def virtual(file):
    layout = h5py.VirtualLayout(NUMBERS.shape, "f4")
    layout[:] = h5py.VirtualSource("other.h5", "x", NUMBERS.shape)
    file.create_virtual_dataset("x", layout)


def other_filter(file):
    file.create_dataset("x", data=NUMBERS, chunks=(20, 30), compression="lzf")


def packed_twice(file):
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk(NUMBERS.shape)
    plist.set_deflate(9)
    plist.set_deflate(9)
    space = h5py.h5s.create_simple(NUMBERS.shape)
    h5py.h5d.create(file.id, b"x", h5py.h5t.IEEE_F32LE, space, plist).write(h5py.h5s.ALL, h5py.h5s.ALL, NUMBERS)


@pytest.mark.parametrize(
    ("fill", "problem"),
    [
        (packed_larger, "'x' unpacks to more bytes than it declares"),
        (large_chunk, "'x' declares 40,000,000 bytes, far more than the file can hold"),
        (many_chunks, "'x' declares 40,400 bytes, far more than the file can hold"),
        (one_chunk_missing, "'x' was never written whole"),
        (never_written, "'x' was never written whole"),
        (elsewhere, "'x' lies in another file"),
        (virtual, "'x' lies in another file"),
        (other_filter, "'x' is compressed in another way than gzip"),
        (packed_twice, "'x' is compressed in another way than gzip"),
    ],
)
def test_an_array_that_is_not_whole_in_its_file_is_refused_before_it_is_read(written, fill, problem):
    file = written(fill)
    tracemalloc.start()
    with pytest.raises(ValueError, match=problem):
        read(file, "x")
    assert tracemalloc.get_traced_memory()[1] < 1e6
    tracemalloc.stop()


def test_a_chunk_that_declares_more_bytes_than_the_file_has_is_not_read(tmp_path):
    with h5py.File(tmp_path / "f.h5", "w") as file:
        file.create_dataset("x", data=NUMBERS, chunks=NUMBERS.shape)
    content = (tmp_path / "f.h5").read_bytes()
    size = NUMBERS.nbytes.to_bytes(4, "little") + bytes(4)  # of the chunk, and the filters that left it as it is
    assert content.count(size) == 1
    (tmp_path / "f.h5").write_bytes(content.replace(size, b"\xff\xff\xff\x7f" + bytes(4)))
    with (
        h5py.File(tmp_path / "f.h5") as file,
        pytest.raises(ValueError, match="'x' declares a chunk larger than the file"),
    ):
        read(file, "x")


def test_the_number_of_chunks_is_bounded_in_large_files_too(written):
    file = written(many_chunks)
    with pytest.raises(ValueError, match="'x' declares 40,400 bytes"):
        hdf5.stored("x", file["x"], file["x"].shape, 10**9)


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        ("i4", "int32"),
        (np.dtype([("a", "f4")]), r"\[\('a', '<f4'\)\]"),
        (h5py.string_dtype(), "object"),
        (bool, "bool"),
        (complex, "complex128"),
    ],
)
def test_other_types_are_named(written, dtype, name):
    import re

    file = written(lambda file: file.create_dataset("x", (3,), dtype))
    assert re.fullmatch(name, hdf5.stored("x", file["x"], (3,), 100).dtype)


def test_keras_note_of_bfloat16_is_read(written):
    def fill(file):
        file["x"] = np.zeros(3, "V2")
        file["x"].attrs["dtype"] = "bfloat16"

    assert hdf5.stored("x", written(fill)["x"], (3,), 100).dtype == "bfloat16"
