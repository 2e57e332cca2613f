"""The certification cycle: what falls due of certificates, by dated profiles of rules, as rows of the pipeline."""
