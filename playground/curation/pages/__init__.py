"""The pages at `/curate/`, which work without JavaScript. `guard`: who may; `exhibits`: what of an entry is shown."""
