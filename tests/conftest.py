"""What every test starts from, and in which order the files are taken."""

import gc
import signal
import sys
from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import settings

MAIN = sys.modules["__main__"]
# A shell that runs the tests in the background makes them, and every command that they start, ignore Ctrl+C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
settings.register_profile("steady", deadline=None)  # a busy machine makes no example wrong
settings.load_profile("steady")
# Taken first, the longest before the others: one of them left for the end would keep a single process busy alone.
# Files that open many pages stand apart, between files that are a single process: open pages keep the processor busy
# for as long as they are open, and two such files at once slow each other down.
LONG: Final = (
    "test_class_browser", "test_mechanisms", "test_twin", "test_same_luck", "test_directions", "test_class_bots",
    "test_docs", "test_pages", "test_dashboard_browser", "test_dashboard_explore", "test_invariants",
    "test_browser_pages", "test_study_processes", "test_cli_tables", "test_accessible", "test_six_questions",
    "test_twin_rules", "test_class_doors", "test_handout", "test_study_kills", "test_class_delays", "test_why_pages",
    "test_study_cluster", "test_dashboard_bursts", "test_cli_streams", "test_portable", "test_wheel",
    "test_joint_page", "test_site", "test_facts", "test_experiments", "test_exercise_killed", "test_dashboard_state",
)  # fmt: skip


# Tests that themselves use what Linux alone has, by file or by test, and what that is; elsewhere they are left out.
LINUX_ALONE: Final = {
    "test_study_processes": "process groups, limits on the size of files, a pseudo-terminal",
    "test_study_kills": "SIGKILL, and workers found in /proc",
    "test_exercise_killed": "SIGKILL, and processes that fork",
    "test_dashboard_bursts": "SIGSTOP",
    "test_class_delays": "SIGSTOP",
    "test_class_bots": "SIGSTOP",
    "test_a_killed_worker_and_a_killed_scheduler_lose_nothing": "SIGKILL",
    "test_a_killed_study_goes_on_with_another_engine": "SIGKILL",
    "test_a_killed_server_loses_nothing_and_everybody_comes_back": "SIGKILL",
    "test_a_file_is_old_or_new_wherever_its_writer_is_killed": "SIGKILL",
    "test_the_usual_file_is_its_owners_alone": "modes of files",
    "test_a_folder_that_cannot_be_written_is_refused": "/proc, where nobody may write",
    "test_study_unwritable": "/proc, where nobody may write",
    "test_a_folder_without_write_permission_is_rejected": "modes of folders, and another user",
    "test_a_table_on_a_full_device_is_a_disk_error": "/dev/full",
    "test_no_such_file_folder_or_device": "named pipes, /dev/zero",
    "test_huge_plan_folder_device_and_no_file": "named pipes",
    "test_a_file_a_link_and_the_working_folder_are_rejected": "links, which Windows lets not everybody make",
    "test_links_to_folders_elsewhere_are_not_followed": "links, which Windows lets not everybody make",
    "test_class_limits": "descriptors and memory of a process, found in /proc",
    "test_a_file_that_others_can_read_becomes_its_owners_alone": "modes of files",
    "test_what_is_no_file_is_said_and_stays_as_it_is": "named pipes and links",
    "test_a_working_folder_that_is_gone_is_said": "a working folder that can be removed",
    "test_portable": "a system to hide POSIX on",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; the order within a file stays. What needs Linux is skipped on other systems.

    A test that drives a browser and fails is run once more, and the summary says how it failed: a click may miss what
    moves under it, which no wait for an event can rule out. What is listed there is looked into all the same.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    for item in items if sys.platform != "linux" else ():
        name = item.name.partition("[")[0]
        if why := LINUX_ALONE.get(name) or LINUX_ALONE.get(item.path.stem):
            item.add_marker(pytest.mark.skip(reason=f"the test needs Linux: {why}"))
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


def pytest_collection_finish() -> None:
    """Keep what is loaded by now out of every later search for garbage."""
    gc.collect()
    gc.freeze()


# Its type is a string: pytest 8.3 has no such name.
def pytest_terminal_summary(terminalreporter: "pytest.TerminalReporter") -> None:
    """Say of each test that was run once more how it failed at first."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.section(f"failed at first: {report.nodeid}")
        terminalreporter.line(report.longreprtext)


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """Give Python its main module back: Streamlit's AppTest leaves its script there, and a spawned process runs it."""
    sys.modules["__main__"] = MAIN
    yield
    sys.modules["__main__"] = MAIN
