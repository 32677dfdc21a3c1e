# The same words as CI and the README.
.PHONY: demo test fmt lint docs bench resilience advisories sbom

demo:   ## fill a throw-away database with the samples and serve the console
	cargo run --release -- demo

test:   ## everything that must hold before a change is merged
	scripts/test.sh

fmt:
	cargo fmt

lint:
	cargo clippy --all-targets -- -D warnings

docs:   ## rewrite what is generated: metrics, OpenAPI, samples
	UPDATE_DOCS=1 cargo test --test it

bench:  ## run the benches and print the table of docs/performance.md
	scripts/bench.sh

sbom:   ## what the binary is made of, as CycloneDX; builds the tool once, from crates.io
	scripts/sbom.sh

resilience: ## faults and busy neighbours against the release binary; root for the full disk, and an idle machine
	cargo build --release
	python3 scripts/full_disk.py target/release/tingxin
	python3 scripts/neighbours.py target/release/tingxin

advisories: ## known weaknesses of what is linked; fetches the database, so it needs a network
	scripts/test-tools.sh
	target/tools/checks/bin/cargo-deny --locked --log-level error check advisories
