mod cli_samples;
