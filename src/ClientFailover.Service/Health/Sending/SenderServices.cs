namespace ClientFailover.Service.Health.Sending;

/// <summary>What the senders of all endpoints share.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Meter">Counts.</param>
/// <param name="Log">The log.</param>
/// <param name="Random">For jitter: gives a number of 0 up to 1, to any thread.</param>
internal sealed record SenderServices(TimeProvider Time, OmfMeter Meter, ILogger<EndpointSender> Log, Func<double> Random);
