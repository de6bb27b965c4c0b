using ClientFailover.Samples.OmfReceiver;

return await ReceiverProgram.RunAsync(args);
