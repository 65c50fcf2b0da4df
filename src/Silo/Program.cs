using Orleans.Inference.Silo.Hosting;

return await SiloProgram.Process.RunAsync(args);
