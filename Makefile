# Thin over packaging/setup.sh, which works without make too: `sh packaging/setup.sh run`.
.PHONY: run test lint bench venv

run:   ; @sh packaging/setup.sh run
test:  ; @sh packaging/setup.sh test
lint:  ; @sh packaging/setup.sh lint
bench: ; @sh packaging/setup.sh bench
venv:  ; @sh packaging/setup.sh venv
