"""Numbers and names of `.safetensors` files, whatever library wrote them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from weight_files import timm_arrays, trained, write_bfloat16, write_safetensors

import npmobile as nm
from npmobile.pretrained import huggingface, safetensors, sequential, timm
from npmobile.pretrained.settings import Settings

# Numbers that bfloat16 holds exactly, and their 16 bits: sign, 8 bits of exponent, 7 of fraction.
BFLOAT16 = {0x3F80: 1.0, 0xC000: -2.0, 0x3FC0: 1.5, 0x0000: 0.0, 0x4049: 3.140625, 0x7F7F: 3.3895313892515355e38,
            0x0080: 2.0**-126, 0x0001: 2.0**-133}  # fmt: skip


def test_bfloat16_is_the_upper_half_of_float32(tmp_path):
    (tmp_path / "w").write_bytes(b"????" + np.array([*BFLOAT16], "<u2").tobytes())
    header = Settings({"a": {"data_offsets": [0, 2 * len(BFLOAT16)], "shape": [2, 4]}}, "its header")
    read = safetensors._bfloat16(tmp_path / "w", 4, header, "a")
    assert read.shape == (2, 4)
    assert read.dtype == np.float32
    assert read.ravel().tolist() == [*BFLOAT16.values()]


def test_a_bfloat16_file_is_read_exactly(tmp_path):
    w = trained()
    write_bfloat16(tmp_path / "w.safetensors", w)
    model = nm.load(tmp_path / "w.safetensors")
    assert model.dtype == np.float32
    for layer, arrays in w.items():
        for name, array in arrays.items():
            cut = (array.view(np.uint32) & 0xFFFF0000).view(np.float32)
            assert np.array_equal(model.weights[layer][name], cut)


def test_a_bfloat16_file_of_pytorch_is_read(torch, tmp_path):
    from safetensors.torch import save_file

    arrays = {name: torch.from_numpy(array.copy()) for name, array in timm_arrays(trained()).items()}
    halves = {name: a.to(torch.bfloat16) if a.is_floating_point() else a for name, a in arrays.items()}
    save_file(halves, tmp_path / "w.safetensors")
    kernel = nm.load(tmp_path / "w.safetensors").weights["conv_pw_3"]["kernel"]
    expected = halves["blocks.1.1.conv_pw.weight"].float().numpy()[:, :, 0, 0].T
    assert np.array_equal(kernel, expected)


@pytest.mark.parametrize(
    ("dtypes", "expected"),
    [
        ((np.float16, np.float32), np.float32),
        ((np.float32, np.float64), np.float64),
        ((np.float16, np.float64), np.float64),
        ((np.float16, np.float16), np.float32),
        ((np.float64, np.float64), np.float64),
    ],
)
def test_arrays_of_several_types_become_the_widest(tmp_path, dtypes, expected):
    """The counters of training are int64 in all of them."""
    arrays = timm_arrays(trained())
    kinds = {name: dtypes["conv" in name] for name, array in arrays.items() if array.dtype == np.float32}
    arrays |= {name: arrays[name].astype(kind) for name, kind in kinds.items()}
    write_safetensors(tmp_path / "w", arrays)
    model = nm.load(tmp_path / "w")
    assert model.dtype == expected
    assert np.array_equal(model.weights["conv_dw_7"]["gamma"], arrays["blocks.3.1.bn1.weight"].astype(expected))
    assert np.array_equal(
        model.weights["conv_pw_7"]["kernel"], arrays["blocks.3.1.conv_pw.weight"][:, :, 0, 0].T.astype(expected)
    )


def test_integers_among_them_are_refused(tmp_path):
    arrays = timm_arrays(trained())
    arrays["bn1.bias"] = arrays["bn1.bias"].astype(np.int32)
    arrays["bn1.weight"] = arrays["bn1.weight"].astype(np.float16)
    write_safetensors(tmp_path / "w", arrays)
    with pytest.raises(ValueError, match="conv1/beta is I32, not float16, float32 or float64"):
        nm.load(tmp_path / "w")


def test_a_classifier_that_is_a_convolution_is_read(tmp_path):
    arrays = timm_arrays(trained())
    kernel = arrays["classifier.weight"]
    arrays["classifier.weight"] = kernel[:, :, np.newaxis, np.newaxis].copy()
    write_safetensors(tmp_path / "w", arrays)
    assert np.array_equal(nm.load(tmp_path / "w").weights["fc"]["kernel"], kernel.T)


def test_no_name_of_one_library_is_another_ones():
    names = [set(library.NAMES) for library in (huggingface, timm, sequential)]
    assert [len(n) for n in names] == [27 * 5] * 3
    assert len(set.union(*names)) == 3 * 27 * 5


def test_names_of_two_libraries_in_one_file_are_refused(tmp_path):
    from weight_files import sequential_arrays

    write_safetensors(tmp_path / "w", timm_arrays(trained()) | sequential_arrays(trained()))
    with pytest.raises(ValueError, match=r"/w: .*(model\.0\.0\.weight|conv_stem\.weight|several layers)"):
        nm.load(tmp_path / "w")


def test_a_counter_without_its_batch_norm_is_refused(tmp_path):
    write_safetensors(tmp_path / "w", timm_arrays(trained()) | {"bn7.num_batches_tracked": np.array(3)})
    with pytest.raises(ValueError, match=r"bn7\.num_batches_tracked is not wanted"):
        nm.load(tmp_path / "w")


def test_two_arrays_of_one_place_are_refused_by_the_library(tmp_path):
    """bfloat16 is read here and not by the library, which checks the places of all arrays first."""
    write_bfloat16(tmp_path / "w", trained())
    content = (tmp_path / "w").read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    header["bn1.bias"]["data_offsets"] = header["bn1.weight"]["data_offsets"]
    text = json.dumps(header).encode()
    (tmp_path / "w").write_bytes(len(text).to_bytes(8, "little") + text + content[8 + size :])
    with pytest.raises(ValueError, match="it is not a whole safetensors file"):
        nm.load(tmp_path / "w")
