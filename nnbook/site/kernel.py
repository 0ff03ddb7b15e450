"""A kernel that runs cells, each as if it were the first of an empty notebook."""

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_WARNING = re.compile(r":\d+: (\w*Warning: .*)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FRAME = re.compile(r"^File (.+?):(\d+)", re.MULTILINE)
_RESET = "get_ipython().reset(new_session=False)"


class CellFailure(Exception):
    """A cell failed or warned; the message is the cause in one sentence."""


class Kernel:
    """Runs one cell after the other; made by `started`."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(self, source: str) -> list[Any]:
        """Run a cell that knows nothing of those before it, and give its outputs.

        Modules stay loaded, so what they keep for later (data, networks) is there for the next cell.

        Raises:
            CellFailure: if the cell fails or warns.
        """
        from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError

        cell: Any = None
        try:
            self._execute(_RESET)
            cell = self._execute(source)
        except (CellExecutionError, CellControlSignal, DeadKernelError) as error:
            raise CellFailure(_cause(self._client.nb.cells[0], error)) from None
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr" and (found := _WARNING.search(output.text)):
                raise CellFailure(found[1])
        return list(cell.outputs)

    def is_alive(self) -> bool:
        """Whether another cell can be run."""
        from jupyter_core.utils import run_sync

        return bool(run_sync(self._client.km.is_alive)())

    def _execute(self, source: str) -> Any:
        from nbformat import v4

        self._client.nb = v4.new_notebook(cells=[v4.new_code_cell(source)])
        self._client.reset_execution_trackers()
        return self._client.execute_cell(self._client.nb.cells[0], 0, execution_count=1, store_history=False)


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
    with tempfile.TemporaryDirectory() as folder:
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
        with client.setup_kernel(env={**environment, "IPYTHONDIR": folder}):
            yield Kernel(client)


def _cause(cell: Any, error: Exception) -> str:
    """What went wrong in a `cell`, in one sentence, and where in a file if it was there.

    The exception alone does not tell when a figure fails to draw itself; what the kernel sent does.
    """
    shown = [output for output in cell.get("outputs", []) if output.output_type == "error"]
    if not shown:
        return f"{type(error).__name__}: {error}"
    frames = _FRAME.findall(_COLOUR.sub("", "\n".join(shown[-1].traceback)))
    place = f" (raised at {frames[-1][0]}:{frames[-1][1]})" if frames else ""
    return f"{shown[-1].ename}: {shown[-1].evalue}{place}"
