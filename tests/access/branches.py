"""Which branches of a program's conditional jumps were taken: measured on the interpreter's own instructions,
so that each half of an `and` or an `or` counts too.
"""

import dis
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any


def untaken(modules: list[ModuleType], work: Callable[[], None]) -> list[str]:
    """Do the work; then each branch and each instruction's line of these modules' functions not reached."""
    codes = {code for module in modules for code in _codes(module)}
    followed: dict[tuple[CodeType, int], set[int]] = defaultdict(set)
    reached: set[tuple[CodeType, int]] = set()
    last: dict[int, int] = {}

    def watch(frame: FrameType, event: str, _argument: Any) -> Any:
        if frame.f_code not in codes:
            return None
        if event == "call":
            frame.f_trace_opcodes = True
            last.pop(id(frame), None)
        elif event == "opcode":
            place = frame.f_lasti
            reached.add((frame.f_code, place))
            if id(frame) in last:
                followed[frame.f_code, last[id(frame)]].add(place)
            last[id(frame)] = place
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        work()
    finally:
        sys.settrace(before)
    return sorted({fault for code in codes for fault in _missing(code, followed, reached)})


def _missing(
    code: CodeType,
    followed: dict[tuple[CodeType, int], set[int]],
    reached: set[tuple[CodeType, int]],
) -> Iterator[str]:
    jumps = {*dis.hasjrel, *dis.hasjabs}
    for line, instruction in _instructions(code):
        place = f"{Path(code.co_filename).name}:{line} in {code.co_name}"
        if instruction.opcode in jumps and _is_conditional(instruction.opname):
            taken = len(followed[code, instruction.offset])
            if taken < 2:
                yield f"{place}: {taken} of 2 branches"
        elif instruction.opname == "RETURN_VALUE" and (code, instruction.offset) not in reached:
            yield f"{place}: never returned from here"


def _is_conditional(opname: str) -> bool:
    return "_IF_" in opname or opname == "FOR_ITER"


def _instructions(code: CodeType) -> Iterator[tuple[int, dis.Instruction]]:
    line = code.co_firstlineno
    for instruction in dis.get_instructions(code):
        line = instruction.starts_line or line
        yield line, instruction


def _codes(module: ModuleType) -> Iterator[CodeType]:
    """The functions that this module defines, their inner ones, and the properties of its classes."""
    for value in vars(module).values():
        if getattr(value, "__module__", None) != module.__name__:
            continue
        members = vars(value).values() if isinstance(value, type) else [value]
        for member in members:
            function = member.fget if isinstance(member, property) else member
            code = getattr(function, "__code__", None)
            if code is not None and code.co_filename == module.__file__:
                yield from _inner(code)


def _inner(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _inner(constant)
