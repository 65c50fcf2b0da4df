using Orleans.Inference.ExtProcGateway.Hosting;

return await GatewayHost.Process.RunAsync(args);
