"""Every command as a shell runs it: what goes wrong is one line and an exit status, never a traceback."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

import pytest
from PIL import Image

import npmobile as nm
from npmobile import cli

SMALL = ["--alpha", "0.25", "--resolution", "32"]
COMMANDS = {  # module -> arguments for a short run
    "npmobile": SMALL,
    "npmobile.demo": ["--help"],  # the same command
    "npmobile.paper": [],
    "npmobile.pretrained": ["list"],
}
every_command = pytest.mark.parametrize("module", COMMANDS)
needs_dev_full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")


def start(module, *arguments, **how):
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | how
    how["env"] = os.environ | how.get("env", {})
    return subprocess.Popen([sys.executable, "-m", module, *arguments], **how)


def finish(process):
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


# The runner


def run(capsys, command, *arguments):
    parser = cli.parser("npmobile.test", "A command of these tests.")
    parser.add_argument("--number", type=int)
    status = cli.run(parser, command, arguments)
    out, err = capsys.readouterr()
    return status, out, err


def raising(error):
    def command(options):
        raise error

    return command


def test_a_command_gives_its_status_and_its_text(capsys):
    assert run(capsys, lambda options: (1, f"number {options.number}"), "--number", "3") == (1, "number 3\n", "")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("alpha must be\na number"), "alpha must be a number"),
        (TypeError("x must be float32"), "x must be float32"),
        (FileNotFoundError(2, "No such file or directory", "a\nb"), "No such file or directory: 'a\\nb'"),
        (OSError("cannot be downloaded"), "cannot be downloaded"),
        (ImportError("h5py is missing"), "h5py is missing"),
        (MemoryError(), "not enough memory"),
        (ValueError("\x1b[31mred \udcff"), "\\x1b[31mred \\udcff"),
        (ValueError(), "ValueError"),
    ],
)
def test_what_a_command_raises_is_one_line_and_status_2(capsys, error, line):
    assert run(capsys, raising(error)) == (2, "", f"python -m npmobile.test: {line}\n")


def test_a_long_message_is_cut_in_the_middle(capsys):
    _, _, err = run(capsys, raising(ValueError("begin" + "x" * 10**6 + "end")))
    assert len(err) < 1100
    assert err.startswith("python -m npmobile.test: begin")
    assert err.endswith("end\n")


def test_ctrl_c_is_status_130(capsys):
    assert run(capsys, raising(KeyboardInterrupt())) == (130, "", "interrupted\n")


def test_a_mistake_in_the_program_is_not_hidden(capsys):
    with pytest.raises(ZeroDivisionError):
        run(capsys, lambda options: 1 / 0)


@pytest.mark.parametrize("arguments", [["--number", "1\n2"], ["--other\nline"], ["--number"], ["7"]])
def test_what_the_parser_refuses_is_one_line_and_status_2(capsys, arguments):
    status, out, err = run(capsys, raising(AssertionError), *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("python -m npmobile.test: ")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("costs", "must end with .png, .svg or .pdf, but is 'costs'"),
        ("costs.", "must end with"),
        ("costs.xyz", "must end with"),
        (".png", "must end with"),
        ("", "must end with"),
        ("{}", "must end with"),
        ("{}/folder.png", "is a folder"),
        ("{}/none/costs.png", "there is no folder"),
    ],
)
def test_figures_that_could_not_be_written_are_refused(tmp_path, path, message):
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(argparse.ArgumentTypeError, match=message):
        cli.figure_path(path.format(tmp_path))


@pytest.mark.parametrize("name", ["costs.png", "costs.SVG", "a.b.pdf", "고양이.png"])
def test_figures_that_can_be_written_pass(tmp_path, name):
    assert cli.figure_path(str(tmp_path / name)) == str(tmp_path / name)


# All commands


@every_command
def test_help_fits_80_columns_and_names_the_commands(module):
    status, out, err = finish(start(module, "--help", env={"COLUMNS": "200"}))
    assert (status, err) == (0, b"")
    lines = out.decode("ascii").splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith(f"usage: python -m {'npmobile' if module == 'npmobile.demo' else module} ")
    for command in ("npmobile", "npmobile.paper", "npmobile.pretrained"):
        assert any(line.startswith(f"  python -m {command} ") for line in lines)


@every_command
def test_version(module):
    assert finish(start(module, "--version")) == (0, f"npmobile {nm.__version__}{os.linesep}".encode(), b"")


@every_command
def test_a_reader_may_stop_early(module):
    with start(module, *COMMANDS[module]) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@needs_dev_full
@every_command
def test_a_full_disk_behind_standard_output(module):
    with open("/dev/full", "wb") as full:
        status, _, err = finish(start(module, *COMMANDS[module], stdout=full))
    assert (status, err.count(b"\n")) == (2, 1)
    assert err.endswith(b": No space left on device: 'standard output'\n")


@needs_dev_full
def test_a_full_disk_behind_standard_error():
    with open("/dev/full", "wb") as full:
        assert finish(start("npmobile.pretrained", "--wrong", stderr=full))[:2] == (2, b"")


@posix
@pytest.mark.parametrize(
    ("closed", "status", "err"),
    [
        ("<&-", 0, b""),
        (">&-", 2, b"python -m npmobile.pretrained: standard output is closed\n"),
        (">&- 2>&-", 2, b""),
        ("2>&-", 0, b""),
        ("<&- >&- 2>&-", 2, b""),
    ],
)
def test_closed_streams(closed, status, err):
    done = subprocess.run(
        f'"{sys.executable}" -m npmobile.pretrained list {closed}', shell=True, capture_output=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (status, err)


@posix
@every_command
def test_ctrl_c_while_numpy_is_loading(module, tmp_path):
    (tmp_path / "numpy.py").write_text("import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(60)")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    assert finish(start(module, *COMMANDS[module], env={"PYTHONPATH": path})) == (130, b"", b"interrupted\n")


@posix
@pytest.mark.parametrize(
    ("module", "name", "arguments"),
    [
        ("npmobile.demo", "digits", SMALL),
        ("npmobile.paper.__main__", "report.collect", []),
        ("npmobile.pretrained.__main__", "fetch", ["fetch", "keras/mobilenet_2_5_224"]),
    ],
)
def test_ctrl_c_while_a_command_runs(module, name, arguments):
    program = (
        f"import os, signal, sys, time\nfrom {module.rpartition('.')[0]} import {module.rpartition('.')[2]} as command\n"
        f"command.{name} = lambda *_: (os.kill(os.getpid(), signal.SIGINT), time.sleep(60))\n"
        f"sys.exit(command.main({arguments}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"interrupted\n")


@posix
def test_a_signal_that_is_ignored_stays_ignored(tmp_path):
    """As a shell starts commands in the background."""
    (tmp_path / "numpy.py").write_text(
        "import signal, sys; print(signal.getsignal(signal.SIGINT) == signal.SIG_IGN); sys.exit()"
    )
    line = f'trap "" INT; PYTHONPATH="{tmp_path}:$PYTHONPATH" "{sys.executable}" -m npmobile'
    assert subprocess.run(line, shell=True, capture_output=True, timeout=120).stdout == b"True\n"


def test_importing_the_package_leaves_the_handling_of_ctrl_c_alone():
    program = "import signal, npmobile; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "True\n"


# Consoles that lack letters, names of files that are no text


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A network that was never trained, and photographs with names that consoles cannot print."""
    folder = tmp_path_factory.mktemp("photographs")
    nm.weights.save(folder / "network.npz", nm.random_model(0.25).weights)
    Image.new("L", (40, 30), 128).save(folder / "grey.png")
    return folder


@pytest.mark.parametrize(
    ("name", "encoding", "shown"),
    [
        ("고양이.png", "utf8", "고양이.png"),
        ("고양이.png", "cp949", "고양이.png"),
        ("고양이.png", "cp1252", "\\uace0\\uc591\\uc774.png"),
        ("고양이.png", "ascii", "\\uace0\\uc591\\uc774.png"),
        pytest.param("\udcff.png", "utf8", "\\udcff.png", marks=posix),
        pytest.param("\udcff.png", "cp949", "\\udcff.png", marks=posix),
        pytest.param("a\n\x1b[31m.png", "utf8", "a\\n\\x1b[31m.png", marks=posix),
    ],
)
def test_names_of_photographs_on_any_console(folder, name, encoding, shown):
    try:
        (folder / name).write_bytes((folder / "grey.png").read_bytes())
    except OSError:
        pytest.skip("this file system does not take the name")
    arguments = ("--weights", "network.npz", "--resolution", "32", "--image", name, "--figure", "seen.png")
    status, out, err = finish(start("npmobile", *arguments, cwd=folder, env={"PYTHONIOENCODING": encoding}))
    assert (status, err) == (0, b"")
    assert out.decode(encoding).splitlines()[0] == f"1. {shown}, classified with network.npz"


@pytest.mark.parametrize("encoding", ["utf8", "cp949", "cp1252", "ascii"])
def test_a_photograph_that_is_not_there(folder, encoding):
    arguments = ("--weights", "network.npz", "--image", "없음.png")
    status, out, err = finish(start("npmobile", *arguments, cwd=folder, env={"PYTHONIOENCODING": encoding}))
    assert (status, out, err.count(b"\n")) == (2, b"", 1)
    assert b"No such file or directory: '" in err


# Figures


@posix
def test_a_figure_is_written_whole_or_not_at_all(tmp_path):
    """A limit on the size of files stands for a full disk."""
    import resource

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    (tmp_path / "old.png").write_bytes(b"old")
    for name in ("old.png", "new.png"):
        status, out, err = finish(start("npmobile", *SMALL, "--figure", name, cwd=tmp_path, preexec_fn=limited))
        assert (status, out, err.count(b"\n")) == (2, b"", 1)
        assert f"'{name}'".encode() in err
    assert os.listdir(tmp_path) == ["old.png"]
    assert (tmp_path / "old.png").read_bytes() == b"old"
