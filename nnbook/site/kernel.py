"""A kernel that runs the cells of a page in order, as a notebook does, and can go back to before any of them."""

import ast
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nnbook.figures.kit.charts import BACKEND, STYLE
from nnbook.site.sockets import folder_for

_WARNING = re.compile(r":\d+: (\w*Warning: .*)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_OVERWRITTEN = re.compile(r"[^\n]*\r(?=[^\n])|\r$", re.MULTILINE)
# Where an object lies in memory, which is another place each time.
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+\b")
# What functions of pyplot give back, which is no result: [<matplotlib.lines.Line2D at 0x7f...>], Text(0.5, 1.0, "a")
_ARTIST = re.compile(r"<(matplotlib\.|BarContainer|Axes)|^Text\(")
_FRAME = re.compile(r"^File (.+?):(\d+)", re.MULTILINE)
# Names as they were before each cell. Modules stay loaded, so what they keep (data, networks) is there again.
# Looking for the machine's fonts takes matplotlib long the first time, and then it says so; `%matplotlib inline`, which
# old notebooks begin with, would bring pixels back.
_START = """
get_ipython().before = []
get_ipython().register_magic_function(lambda line: None, magic_name="matplotlib")
__import__("logging").getLogger("matplotlib.font_manager").setLevel("ERROR")"""
_REMEMBER = "get_ipython().before.append(dict(get_ipython().user_ns))"
_GO_BACK = """
(lambda shell, names: (shell.user_ns.clear(), shell.user_ns.update(names)))(
    get_ipython(), get_ipython().before[{0}]), get_ipython().before.__delitem__(slice({0}, None))"""
_FORGET = "__import__('nnbook.site.preview.words', fromlist=['forget']).forget()"


class CellFailure(Exception):
    """A cell failed or warned; the message is the cause in one sentence."""


class Kernel:
    """Runs one cell after the other; made by `started`.

    Attributes:
        done: the names of the cells that have been run, in order.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self.done: list[str] = []
        self._execute(_START)

    def run(self, cell: Any, name: str, shown: bool = True) -> list[Any]:
        """Run a `cell` of a notebook after those before it, and give its outputs, without its figure unless `shown`.

        Raises:
            CellFailure: if the cell warns, or fails without the tag raises-exception.
        """
        from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError

        try:
            self._execute(_REMEMBER)
            self.done.append(name)
            self._execute(cell.source if shown else _without_figure(cell.source), cell.metadata)
        except (CellExecutionError, CellControlSignal, DeadKernelError) as error:
            raise CellFailure(_cause(self._client.nb.cells[0], error)) from None
        outputs = normalised(self._client.nb.cells[0].outputs)
        if "raises-exception" not in cell.metadata.get("tags", []) and any(o.output_type == "error" for o in outputs):
            raise CellFailure(_cause(self._client.nb.cells[0], None))  # of a chart, drawn when the cell has ended well
        for output in outputs:
            if output.output_type == "stream" and output.name == "stderr" and (found := _WARNING.search(output.text)):
                raise CellFailure(found[1])
        return outputs

    def go_back(self, count: int) -> None:
        """Let names be as they were when only the first `count` cells of the page had been run."""
        if count < len(self.done):
            self._execute(_GO_BACK.format(count))
            del self.done[count:]

    def forget_words(self) -> None:
        """Read the catalogues anew from now on."""
        self._execute(_FORGET)

    def is_alive(self) -> bool:
        """Whether another cell can be run."""
        from jupyter_core.utils import run_sync

        return bool(run_sync(self._client.km.is_alive)())

    def _execute(self, source: str, metadata: Any = None) -> None:
        from nbformat import v4

        self._client.nb = v4.new_notebook(cells=[v4.new_code_cell(source, metadata=metadata or {})])
        self._client.reset_execution_trackers()
        self._client.execute_cell(self._client.nb.cells[0], 0, execution_count=1, store_history=False)


def _without_figure(source: str) -> str:
    """The code of a cell without the figure in its last line, which takes longer than all else and gives no name."""
    try:
        last = ast.parse(source).body[-1]
    except (SyntaxError, IndexError):  # IPython knows more than Python
        return source
    match last:
        case ast.Expr(ast.Call(func=ast.Attribute(value=ast.Name("figures")))):
            return "\n".join(source.splitlines()[: last.lineno - 1])
    return source


def normalised(outputs: list[Any]) -> list[Any]:
    """The `outputs` of a cell, whatever the timing: between two that are no text, one of each stream, stdout first.

    A carriage return overwrites its line. nbclient can merge streams, too, but moves what is printed after a figure
    before it. Places on this machine are left out: addresses in memory, and of an error that is to be shown the frames
    in other files.
    So is a last value that is a part of a chart.
    """
    found: list[Any] = []
    streams: dict[str, Any] = {}
    for output in outputs:
        if output.output_type == "execute_result" and [*output.data] == ["text/plain"]:
            if not _ARTIST.search(output.data["text/plain"]):
                found.append(output)
        elif output.output_type != "stream":
            streams = {}
            found.append(output)
        elif output.name in streams:
            streams[output.name].text += output.text
        else:
            streams[output.name] = output
            found.insert(len(found) - (output.name == "stdout" and len(streams) > 1), output)
    for output in found:
        if output.output_type == "stream":
            output.text = _anywhere(_OVERWRITTEN.sub("", output.text.replace("\r\n", "\n")))
        elif output.output_type == "error":
            shown = (part for part in output.traceback if not _FRAME.search(_COLOUR.sub("", part)))
            output.evalue, output.traceback = _anywhere(output.evalue), [_anywhere(part) for part in shown]
        elif "text/plain" in output.data:
            output.data["text/plain"] = _anywhere(output.data["text/plain"])
    return found


def _anywhere(text: str) -> str:
    return _ADDRESS.sub("at 0x...", text)


@contextmanager
def started(name: str, timeout: float, environment: Mapping[str, str]) -> Iterator[Kernel]:
    """A kernel of the kind `name`.

    Args:
        timeout: seconds that a cell may take.
        environment: all environment variables of the kernel.
    """
    from nbclient import NotebookClient
    from nbformat import v4
    from traitlets.config import Config

    # A folder for itself, and a profile of its own: start-up files of the builder's IPython must not reach the book.
    with tempfile.TemporaryDirectory(dir=folder_for(len("/tmp12345678/kernel-5"))) as folder:
        client = NotebookClient(
            v4.new_notebook(),
            kernel_name=name,
            timeout=timeout,
            resources={"metadata": {"path": folder}},
            record_timing=False,
            # Where the system has them, sockets that are files: nobody else can reach them.
            config=Config(
                {"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}} if sys.platform != "win32" else {}
            ),
        )
        drawing = {"MPLBACKEND": BACKEND, "MATPLOTLIBRC": str(STYLE)}  # as charts of the book
        with client.setup_kernel(env={**environment, **drawing, "IPYTHONDIR": folder}):
            yield Kernel(client)


def _cause(cell: Any, error: Exception | None) -> str:
    """What went wrong in a `cell`, in one sentence, and where in a file if it was there.

    The exception alone does not tell when a figure fails to draw itself; what the kernel sent does.
    """
    shown = [output for output in cell.get("outputs", []) if output.output_type == "error"]
    if not shown:
        return f"{type(error).__name__}: {error}"
    frames = _FRAME.findall(_COLOUR.sub("", "\n".join(shown[-1].traceback)))
    place = f" (raised at {frames[-1][0]}:{frames[-1][1]})" if frames else ""
    return f"{shown[-1].ename}: {shown[-1].evalue}{place}"
