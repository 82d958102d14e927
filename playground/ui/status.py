"""The status line: the run in words, for reading and for a screen reader."""

from __future__ import annotations

from playground.training.snapshot import Snapshot
from playground.ui.translation import figure, tr


def status_text(snapshot: Snapshot) -> str:
    """Epoch, updates, speed, losses and accuracy of a snapshot, in the language of the window."""
    figures = snapshot.figures
    parts = [
        tr("Epoch {epoch}", epoch=figure(snapshot.epoch)),
        tr("{updates} updates", updates=figure(snapshot.updates)),
    ]
    if snapshot.samples_per_second is not None:
        parts.append(tr("{speed} samples/s", speed=figure(round(snapshot.samples_per_second))))
    parts.append(tr("training loss {loss}", loss=figure(figures.train_loss)))
    if figures.penalty:
        parts.append(tr("penalty {penalty}", penalty=figure(figures.penalty)))
    if figures.test_loss is not None:
        parts.append(tr("test loss {loss}", loss=figure(figures.test_loss)))
    if figures.train_accuracy is not None:
        parts.append(tr("training accuracy {accuracy}", accuracy=figure(figures.train_accuracy, percent=True)))
    if figures.test_accuracy is not None:
        parts.append(tr("test accuracy {accuracy}", accuracy=figure(figures.test_accuracy, percent=True)))
    return " · ".join(parts)
