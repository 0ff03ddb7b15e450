"""`python -m benchmarks` measures the speed of the training."""

from benchmarks.training_speed import main

main()
