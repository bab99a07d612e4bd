#!/usr/bin/env python3
"""Set Huanyu up and run it: `install`, `up`, `demo`, `test`, `lint`, `bench`, or any `huanyu` command.

Standard library only, so that it works on a fresh machine before anything is installed.
"""

import hashlib
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
HOME = ROOT / ".venv"
TARGET = HOME / "target"  # only where the system Python cannot make a virtual environment
WINDOWS = os.name == "nt"
DEV = {"test", "lint"}
BUILDERS = ("setuptools>=77", "wheel")
FROM: list[str] = []  # options of pip that say where packages come from; none: as the machine is set up
MOST_WORKERS = 4  # each keeps a PostgreSQL, a Chromium and a classifier of its own
USAGE = """用法: python3 run.py 命令 [参数…]

  demo [--once]   安装依赖后, 在本机演示整个流程 (--once: 跑完即退出)
  up              启动舆情台 (网页控制台 + 定时任务)
  install         只安装依赖, 例如由 root 为服务安装
  test [参数…]    安装测试依赖并运行全部测试 (参数交给 pytest)
  lint            ruff, mypy, import-linter
  bench [名称…]   性能对比
  wheels 文件夹    把全部依赖下载到一个文件夹, 带到不能上网的机器上
  其他            交给 huanyu, 例如: python3 run.py classify < posts.jsonl

不能上网的机器: python3 run.py --wheels 文件夹 命令 …  (只从这个文件夹安装, 不连网)
"""


def main(argv: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - the one file an old Python gets to read
        print(f"需要 Python 3.11 或更新版本, 当前是 {sys.version.split()[0]}", file=sys.stderr)
        return 2
    if not argv or argv[0] in {"-h", "--help", "help"}:
        print(USAGE)
        return 0 if argv else 2
    if argv[0] == "--wheels":
        return offline(argv[1:])
    command, rest = argv[0], argv[1:]
    if command == "wheels":
        return download(rest)
    python = prepare(dev=command in DEV)
    return execute(python, command, rest)


def offline(argv: list[str]) -> int:
    """Go on with what stands behind the folder, and install from that folder alone."""
    if len(argv) < 2 or not Path(argv[0]).is_dir():
        print("--wheels 后面要写文件夹和命令, 例如: python3 run.py --wheels wheels up", file=sys.stderr)
        return 2
    FROM.extend(["--no-index", "--find-links", str(Path(argv[0]).resolve())])
    return main(argv[1:])


def download(argv: list[str]) -> int:
    """Fetch what the lock file names, for a machine of this kind and this Python that has no network."""
    if len(argv) != 1:
        print("用法: python3 run.py wheels 文件夹", file=sys.stderr)
        return 2
    python = environment()
    pip = [*python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--dest", argv[0]]
    lock = ["--require-hashes", "-r", str(ROOT / "requirements.lock")]
    # Whoever builds this project, or a dependency that is published as source alone, needs these.
    for what in (lock, ["pip", *BUILDERS]):
        if subprocess.run([*pip, *what], check=False).returncode:
            print("下载依赖失败, 请检查网络或 pip 的软件源设置后重试。", file=sys.stderr)
            return 1
    print(f"已下载到 {argv[0]}。把它和这个文件夹一起带过去, 再运行: python3 run.py --wheels {argv[0]} up")
    return 0


def execute(python: list[str], command: str, rest: list[str]) -> int:
    if command == "test":
        # Tests start the program some hundred times: compiled anew each time, it takes a fifth longer to begin.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        return call([*python, "-m", "pytest", *(rest or at_once())])
    if command == "install":
        return 0
    if command == "lint":
        return lint(python)
    return call([*python, "-m", "console.cli", command, *rest])


def at_once() -> list[str]:
    """All tests, a file to a process; one process more than processors, as tests wait for children and clocks."""
    workers = min((os.cpu_count() or 1) + 1, MOST_WORKERS)
    return ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]


def lint(python: list[str]) -> int:
    steps = (
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
    )
    codes = [call([*python, "-m", *step]) for step in steps]
    codes.append(
        call([*python, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"])
    )
    return max(codes)


def prepare(dev: bool) -> list[str]:
    """Install what the lock file names, once per lock file, and return the Python to run."""
    lock = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = HOME / f".installed-{'dev' if dev else 'run'}"
    python = environment()
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    print(f"正在安装依赖 ({lock.name}), 首次需要几分钟 …", file=sys.stderr, flush=True)
    install(python, ["--require-hashes", "-r", str(lock)])
    if not TARGET.exists():
        install(python, ["--no-deps", "-e", str(ROOT)])
    stamp.write_text(wanted)
    if dev:
        (HOME / ".installed-run").write_text(
            hashlib.sha256((ROOT / "requirements.lock").read_bytes()).hexdigest()
        )
    return python


def environment() -> list[str]:
    python = HOME / ("Scripts/python.exe" if WINDOWS else "bin/python")
    if python.exists() and has_pip([str(python)]):
        return [str(python)]
    if TARGET.exists():
        return [sys.executable]
    try:
        venv.create(HOME, with_pip=True, clear=True)
        return [str(python)]
    except (subprocess.CalledProcessError, OSError) as problem:
        return fallback(problem)


def fallback(problem: Exception) -> list[str]:
    """Debian splits ensurepip into python3-venv: use the system pip with --target instead."""
    if not has_pip([sys.executable]):
        print(
            f"无法建立虚拟环境 ({problem}), 系统也没有 pip。\n"
            "Debian/Ubuntu 请先安装: apt install python3-venv  (或 python3-pip), 然后重试。",
            file=sys.stderr,
        )
        raise SystemExit(2)
    print("系统没有 python3-venv, 依赖改装到 .venv/target", file=sys.stderr)
    TARGET.mkdir(parents=True, exist_ok=True)
    return [sys.executable]


def has_pip(python: list[str]) -> bool:
    return (
        subprocess.run([*python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    )


def install(python: list[str], what: list[str]) -> None:
    where = ["--target", str(TARGET)] if TARGET.exists() else []
    command = [
        *python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        *FROM,
        *where,
        *what,
    ]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        told = "文件夹里缺少依赖, 或它是为另一种机器下载的" if FROM else "请检查网络或 pip 的软件源设置后重试"
        print(f"安装依赖失败, {told}。", file=sys.stderr)
        raise SystemExit(1)


def call(command: list[str]) -> int:
    paths = [str(ROOT)] + ([str(TARGET)] if TARGET.exists() else [])
    if os.environ.get("PYTHONPATH"):
        paths.append(os.environ["PYTHONPATH"])
    scripts = HOME / ("Scripts" if WINDOWS else "bin")
    environ = dict(os.environ, PYTHONPATH=os.pathsep.join(paths), PYTHONUTF8="1")
    environ["PATH"] = os.pathsep.join([str(scripts), sysconfig.get_path("scripts"), environ.get("PATH", "")])
    try:
        return subprocess.run(
            command, cwd=Path.cwd() if command[2] == "console.cli" else ROOT, env=environ, check=False
        ).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
