"""Any document survives the round trip, and no mangled project ends in a traceback."""

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st
from projects import XOR, strictly

from playground.document.catalog import DATA_FIELDS, NODE_KINDS, TRAINING_FIELDS
from playground.document.frozen import FROZEN_MASK, as_read
from playground.document.model import DataSpec, Document, EarlyStopping, Network, Node, TrainingSpec, Wire
from playground.formats.project import (
    project_json,
    read_project,
)
from playground.messages import UserError

finite = st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | finite | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
extra = st.dictionaries(st.text(min_size=1, max_size=8).map(lambda key: "x-" + key), plain, max_size=2)
#: Which weights are frozen: a table of true and false, or anything else that a file may say.
masks = st.lists(st.lists(st.booleans(), max_size=4), max_size=3) | plain
ids = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=6)


def field_value(field):
    if field.type == "bool":
        return st.booleans()
    if field.type == "choice":
        return st.sampled_from([key for key, _ in field.choices])
    if field.type == "features":
        return st.lists(ids, min_size=1, max_size=4, unique=True).map(tuple)
    if field.type == "int":
        return st.integers(int(field.minimum), int(field.maximum))
    high = field.maximum if field.maximum is not None else 1e300
    value = st.floats(field.minimum, high, exclude_min=field.above, exclude_max=field.below)
    return st.none() | value if field.optional else value


def field_values(fields):
    return st.fixed_dictionaries({}, optional={field.key: field_value(field) for field in fields})


@st.composite
def nodes(draw, id):
    kind = draw(st.sampled_from([*NODE_KINDS, "quantum"]))
    fields = draw(field_values(NODE_KINDS[kind].fields)) if kind in NODE_KINDS else {}
    if kind == "dense" and draw(st.booleans()):
        fields = as_read({**fields, FROZEN_MASK: draw(masks)})
    name = draw(st.none() | st.text(min_size=1, max_size=8))
    position = draw(st.none() | st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)))
    return Node(id, kind, {**draw(extra), **fields}, name, position)


@st.composite
def documents(draw):
    names = draw(st.lists(ids, max_size=6, unique=True))
    every = tuple(draw(nodes(id)) for id in names)
    pairs = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
    wires = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8)) if pairs else []
    stopping = st.builds(EarlyStopping, st.integers(1, 10**6), st.floats(0, 1e9), st.booleans())
    return Document(
        data=DataSpec(**draw(field_values(DATA_FIELDS)), extra=draw(extra)),
        network=Network(every, tuple(Wire(a, b) for a, b in wires), draw(extra)),
        training=TrainingSpec(
            **draw(field_values(TRAINING_FIELDS)), early_stopping=draw(st.none() | stopping), extra=draw(extra)
        ),
        extra=draw(extra),
    )


@settings(deadline=None)
@given(documents())
def test_that_every_document_survives_the_round_trip(document):
    text = project_json(document)
    strictly(text)
    project = read_project(text.encode(), "round.json")
    assert project.document == document
    assert project_json(project.document) == text


mangled = st.sampled_from([None, True, -1, 0, 1.5, "", "x", [], [[]], {}, [1, "a"], {"a": 1}, 10**30, ["in", "in"]])


@settings(deadline=None)
@given(st.data())
def test_that_no_mangled_project_ends_in_anything_but_a_sentence(data):
    project = json.loads(json.dumps(XOR))
    project["progress"] = {"epoch": 1, "slots": {"velocity": {"h1": {"bias": [0, 0, 0, 0]}}}, "start": {}}
    for _ in range(data.draw(st.integers(1, 3))):
        at, depth = project, data.draw(st.integers(0, 5))
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if depth == 0 or not isinstance(at[key], (dict, list)):
                at[key] = copy.deepcopy(data.draw(mangled))
                break
            at, depth = at[key], depth - 1
    try:
        opened = read_project(json.dumps(project), "xor.json")
    except UserError as error:
        sentence = str(error)
    else:
        assert read_project(project_json(opened.document)).document.network == opened.document.network
        return
    assert "xor.json" in sentence
