using Orleans.Inference.Silo.Hosting;

return await SiloProgram.RunAsync(args);
