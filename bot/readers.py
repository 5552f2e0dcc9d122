"""Who reads a message, as far as its language goes."""

from __future__ import annotations

from commands.domain.people import ChatBinding, Directory


def is_mixed(directory: Directory, to: str, language: str) -> bool:
    """Whether somebody who reads what is sent to `chat:…` or `person:…` in this language may want another: it is not
    the only one spoken there, or somebody's is not known. A chat whose language was chosen has that one."""
    kind, _, rest = to.partition(":")
    if kind == "person":
        known = directory.people.get(rest)
        return known is None or known.language is None
    binding = directory.bindings.get(rest)
    if binding is None:
        return True
    return binding.language is None and _spoken(directory, binding) != {language}


def _spoken(directory: Directory, binding: ChatBinding) -> set[str | None]:
    known = (directory.people.get(person) for person in _people(directory, binding))
    return {person.language for person in known if person and person.active}


def _people(directory: Directory, binding: ChatBinding) -> tuple[str, ...]:
    """Those whom the chat is for. Nobody's members are known otherwise."""
    match binding.kind:
        case "department":
            return directory.speakers(binding.target)
        case "project":
            project = directory.projects.get(binding.target)
            managers = (project.manager,) if project and project.manager else ()
            departments = project.departments if project else ()
            return (*managers, *(person for each in departments for person in directory.speakers(each)))
        case _:
            return directory.leadership.everyone
