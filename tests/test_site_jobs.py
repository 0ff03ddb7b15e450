"""Processes of their own: results in order, errors whole, and one build at a time."""

import os
import signal
import subprocess
import sys

import pytest

from nnbook.site import jobs
from nnbook.site.errors import BuildError
from nnbook.site.lock import exclusive

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


def test_results_come_in_order():
    assert jobs.run([(divmod, (7, 2)), (len, ("abc",)), (max, (1, 5))]) == [(3, 1), 3, 5]


def test_findings_of_all_jobs_that_broke_the_same_rule_are_kept():
    failing = [(_stop, (name,)) for name in ("en", "ja")]
    with pytest.raises(BuildError, match=r"The rule\.\nThe remedy:\nen\nja") as stopped:
        jobs.run([*failing, (len, ("abc",))])
    assert stopped.value.findings == ("en", "ja")


def test_an_error_of_the_program_is_reported_with_its_place():
    with pytest.raises(
        BuildError, match=r"please report it:\n.*test_site_jobs.py:\d+: ZeroDivisionError: division by zero"
    ):
        jobs.run([(_divide, ())])


def test_a_process_that_is_killed_does_not_hang_the_build():
    with pytest.raises(BuildError, match="the process ended with code -9"):
        jobs.run([(_kill_itself, ())])


def test_one_build_at_a_time_and_none_is_locked_out_by_a_dead_one(tmp_path):
    hold = "from nnbook.site.lock import exclusive; from pathlib import Path; import sys\n"
    hold += "with exclusive(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BuildError, match=r"(?s)One build at a time.*another build is at work"), exclusive(tmp_path):
            pass
        other.kill()
    with exclusive(tmp_path):
        pass


def _stop(name):
    raise BuildError("The rule.", [name], "The remedy:")


def _divide():
    return 1 / 0


def _kill_itself():
    os.kill(os.getpid(), signal.SIGKILL)
