namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>Which profiles pick the servers of a request's stages, by their index; -1 for none.</summary>
internal readonly record struct StageProfiles(int Decode, int Prefill, int Encode);
