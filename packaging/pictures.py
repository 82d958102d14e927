"""Makes the pictures of README.md and docs/ anew: `python packaging/pictures.py`, from the top of the project."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent.parent))

from playground.document.edits import set_training
from playground.document.presets import PRESETS
from playground.engine.engines import make_engine
from playground.training.plan import make_plan
from playground.ui.edit_costs import crowd
from playground.ui.screenshot import take

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"


def main() -> None:
    """Every picture, from the same presets and seeds."""

    def picture(preset: str, name: str, **how: object) -> None:
        take(PRESETS[preset].document, PICTURES / f"{name}.png", **{"size": (1280, 720), **how})  # type: ignore[arg-type]

    picture("xor", "first", view="neurons", epochs=100)
    picture("xor", "drawing", epochs=100)
    picture("xor", "operations", view="operations", epochs=100, size=(1440, 900))
    picture("spiral", "more-dark", view="more", theme="dark", epochs=150, size=(1440, 900))
    picture("spambase", "spambase", epochs=20)
    picture("xor", "korean", language="ko", epochs=100)
    picture("overfit", "small", epochs=60, size=(800, 560))
    take(crowd(), PICTURES / "large.png", view="neurons", size=(1440, 900))
    twice("spam-nonlinear", "twice", "--view", "neurons", "--theme", "dark", "--epochs", "60", "--size", "900x600")
    for stage in ("forward", "loss", "backward", "update"):
        picture("lecture", f"lecture-{stage}", view=stage, size=(1280, 800))
    lecture = PRESETS["lecture"].document
    too_fast = set_training(lecture, learning_rate=0.1)
    take(too_fast, PICTURES / "lecture-descent.png", view="descent", size=(1280, 800))
    plan = make_plan(lecture)
    state = plan.initial_state()
    engine = make_engine(plan.program, plan.dataset.x_train, plan.dataset.y_train)
    for count in (2, 3):
        engine.train(state, plan.rules.hyper, plan.rules.batching, 1)
        take(lecture, PICTURES / f"lecture-update-{count}.png", state=state.copy(), view="update", size=(1280, 800))


def twice(preset: str, name: str, *how: str) -> None:
    """A picture as on a screen with two pixels for each: Qt wants to know that before it begins."""
    command = [sys.executable, "-m", "playground", "screenshot", preset, str(PICTURES / f"{name}.png"), *how]
    subprocess.run(command, check=True, cwd=PICTURES.parent.parent, env={**os.environ, "QT_SCALE_FACTOR": "2"})


if __name__ == "__main__":
    main()
