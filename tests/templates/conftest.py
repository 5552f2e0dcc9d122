"""Cards as people see them: rendered from samples, without storage or platform."""

from __future__ import annotations

import pytest

from support import samples


@pytest.fixture(scope="session")
def renderer():
    return samples.renderer()


@pytest.fixture(scope="session")
def show(renderer):
    """Renders a sample: `show(sample, "en")`; `twist` changes every text that people wrote."""

    def show(sample, language="zh-CN", twist=lambda text: text):
        view, world = sample.build(language, twist)
        return renderer.render(view, world.reader(), sample.now)

    return show
