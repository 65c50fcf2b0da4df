using Orleans.Inference.Bench.Simulation;

return SimulationCommand.Create().Parse(args).Invoke();
