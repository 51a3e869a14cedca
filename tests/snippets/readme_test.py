"""README.md is what a reader types and copies: its files are the files, its commands run, its
routes exist."""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from processes import BUILD, ROOT, Process, World, free_port, http  # noqa: E402

README = (ROOT / "README.md").read_text()
FENCE = re.compile(
    r"(?:<!-- (?P<mark>\w+): (?P<name>\S+) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)\n```\n",
    re.DOTALL,
)
BLOCKS = [match.groupdict() for match in FENCE.finditer(README)]
# The reader builds into build/trips; the test beside it, and again and again.
TRIPS = BUILD.parent / "readme-trips"


def commands(block):
    """The commands of a block of shell, with their continuation lines joined and comments
    dropped."""
    lines = [
        line.split("    #")[0].strip() for line in block["text"].replace("\\\n", " ").splitlines()
    ]
    return [line for line in lines if line]


def marked(mark, name):
    return next(block for block in BLOCKS if (block["mark"], block["name"]) == (mark, name))


class FilesTest(unittest.TestCase):
    def test_every_block_is_found(self):
        self.assertEqual(2 * len(BLOCKS), README.count("\n```"))
        self.assertEqual(len([block for block in BLOCKS if block["mark"]]), README.count("<!-- "))

    def test_every_block_that_shows_a_file_is_that_file(self):
        shown = [block for block in BLOCKS if block["mark"] == "file"]
        self.assertEqual(len(shown), 2)
        for block in shown:
            self.assertEqual(
                block["text"] + "\n", (ROOT / block["name"]).read_text(), block["name"]
            )

    def test_every_cpp_and_cmake_block_is_a_file(self):
        for block in BLOCKS:
            if block["language"] in ("cpp", "cmake"):
                self.assertEqual(block["mark"], "file", block["text"])

    def test_every_command_is_run_by_a_test_or_is_a_program_of_ours(self):
        for block in BLOCKS:
            if block["language"] != "sh" or block["mark"] == "run":
                continue
            for command in commands(block):
                program = ROOT / shlex.split(command)[0]
                self.assertTrue(os.access(program, os.X_OK), command)
                helped = subprocess.run(
                    [program, "--help"], capture_output=True, text=True, timeout=30, check=False
                )
                self.assertEqual(helped.returncode, 0, command)
                self.assertIn("usage:", helped.stdout)

    def test_every_marked_block_of_commands_is_known_here(self):
        self.assertEqual(
            {block["name"] for block in BLOCKS if block["mark"] == "run"}, {"trips", "trips-client"}
        )


class CommandsTest(unittest.TestCase):
    def test_every_command_of_the_readme_is_one_with_these_options(self):
        named = re.findall(r"`skald ((?:def )?[a-z]+)([^`]*)`", README)
        self.assertGreater(len(named), 15)
        for command, rest in named:
            helped = subprocess.run(
                [BUILD / "http/skald", *command.split(), "--help"],
                capture_output=True,
                text=True,
                timeout=30,
                check=False,
            )
            self.assertEqual(helped.returncode, 0, command)
            for option in re.findall(r"--\w+", rest):
                self.assertIn(option, helped.stdout, command)


class DiagramTest(unittest.TestCase):
    def test_the_diagram_of_the_transfer_is_what_the_program_runs(self):
        diagram = next(block for block in BLOCKS if block["language"] == "mermaid")["text"]
        with World(services=()) as world:
            world.start_skald()
            shown = http("GET", f"{world.url}/v1/definitions/money-transfer")[1]
        definition = shown["document"]
        arrows = set(re.findall(r"(\S+) --> (\S+?)(?::|$)", diagram, re.MULTILINE))
        drawn = {(source, target) for source, target in arrows if "[*]" not in (source, target)}
        final = {name for name, state in definition["states"].items() if "final" in state}
        runs = {(t["from"], t["to"]) for t in definition["transitions"]}
        named = set(definition["states"])
        self.assertEqual(
            drawn,
            {
                (source, target)
                for source, target in runs
                if target not in final or target in drawn_names(arrows)
            },
        )
        self.assertEqual(
            {target for source, target in arrows if source == "[*]"}, {definition["initial"]}
        )
        self.assertLessEqual(drawn_names(arrows), named)
        for step in definition["steps"]:
            self.assertIn(step, diagram)


def drawn_names(arrows):
    return {name for arrow in arrows for name in arrow} - {"[*]"}


class RoutesTest(unittest.TestCase):
    def test_every_route_of_the_readme_is_in_the_description_of_the_api_and_the_other_way_round(
        self,
    ):
        with World(services=()) as world:
            world.start_skald()
            status, api, _ = http("GET", f"{world.url}/openapi.json")
        self.assertEqual(status, 200)
        described = {
            f"{method.upper()} {path}"
            for path, item in api["paths"].items()
            for method in item
            if method in ("get", "post", "put", "patch", "delete")
        }
        self.assertEqual(documented_routes() | {"GET /openapi.json"}, described)
        self.assertIn("/openapi.json", README)

    def test_every_parameter_of_the_list_is_in_the_description_of_the_api(self):
        row = re.search(r"^\| `GET /v1/sagas` \| find: (.*) \|$", README, re.MULTILINE).group(1)
        api = json.loads((ROOT / "http/api/openapi.json").read_text())
        known = {parameter["name"] for parameter in api["paths"]["/v1/sagas"]["get"]["parameters"]}
        self.assertLessEqual(set(re.findall(r"`(\w+)`", row)), known)


def documented_routes():
    """The routes of the table: `…/x` goes on from the first path of its row, `/x` from that
    path's parent."""
    routes = set()
    for cell in re.findall(r"^\| (`(?:GET|POST|PUT|DELETE) .*?) \|", README, re.MULTILINE):
        method, first = re.match(r"`(\w+) ([^`]+)`", cell).groups()
        routes.add(f"{method} {first}")
        for more in re.findall(r", `([^`]+)`", cell):
            if re.match(r"(GET|POST|PUT|DELETE) /", more):
                routes.add(more)
            elif more.startswith("…"):
                routes.add(f"{method} {first}{more[1:]}")
            elif first.startswith("/v1/sagas/{id}/"):
                routes.add(f"{method} /v1/sagas/{{id}}{more}")
            else:
                routes.add(f"{method} {more}")
    return routes


class TripsTest(unittest.TestCase):
    """The program of the README, built and run as it says, but for the port and the build
    directory."""

    def test_the_program_is_built_and_answers_as_the_readme_says(self):
        *build, serve = (
            command.replace("build/trips", str(TRIPS))
            for command in commands(marked("run", "trips"))
        )
        self.assertEqual([command.split()[0] for command in build], ["cmake", "cmake"])
        shutil.rmtree(TRIPS / "data", ignore_errors=True)
        for command in build:
            self.run_command(command, timeout=600)
        port = free_port()
        program = Process(shlex.split(self.with_port(serve, port)), TRIPS / "log")
        try:
            self.assertEqual(program.first_line(), {"listening": f"127.0.0.1:{port}"})
            self.drive(port)
            self.assertEqual(program.terminate(), 0)
        finally:
            if program.child.poll() is None:
                program.kill()

    def drive(self, port):
        client = commands(marked("run", "trips-client"))
        booked, refused, history = (
            json.loads(self.run_command(self.with_port(c, port), timeout=30)) for c in client
        )
        self.assertEqual(
            (booked["id"], booked["status"], booked["states"]), ("trip-1", "completed", ["Booked"])
        )
        self.assertEqual(
            [run["output"] for run in booked["steps"]], [{"ticket": "T-trip-1"}, {"room": 7}]
        )
        self.assertEqual(
            (refused["id"], refused["status"], refused["states"]),
            ("trip-2", "compensated", ["NotBooked"]),
        )
        told = [
            (event["kind"], event.get("step"), event.get("phase")) for event in history["events"]
        ]
        wanted = [
            ("done", "book-flight", "forward"),
            ("refused", "book-hotel", "forward"),
            ("done", "book-flight", "undo"),
        ]
        self.assertEqual([event for event in told if event in wanted], wanted)

    def with_port(self, command, port):
        self.assertIn("127.0.0.1:7171", command)
        return command.replace("127.0.0.1:7171", f"127.0.0.1:{port}")

    def run_command(self, command, timeout):
        environment = dict(os.environ)
        if shutil.which("ccache"):
            environment |= {
                "CMAKE_CXX_COMPILER_LAUNCHER": "ccache",
                "CCACHE_NOHASHDIR": "1",
                "CCACHE_SLOPPINESS": "pch_defines,time_macros",
            }
        ran = subprocess.run(
            shlex.split(command),
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        self.assertEqual(
            ran.returncode, 0, f"{command}\n{ran.stdout[-4000:]}\n{ran.stderr[-4000:]}"
        )
        return ran.stdout


if __name__ == "__main__":
    unittest.main()
