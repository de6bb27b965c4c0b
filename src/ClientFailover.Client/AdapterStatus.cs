namespace ClientFailover.Client;

/// <summary>The state of an adapter, as adapters in the field show it.</summary>
/// <param name="Role">Its role.</param>
/// <param name="LastDataProcessedTime">What it reports: everything up to this time was egressed; null: it never egressed anything.</param>
/// <param name="FailoverScore">What it reports: 0 to 100.</param>
/// <param name="AdapterState">What it is doing.</param>
public sealed record AdapterStatus(FailoverRole Role, DateTimeOffset? LastDataProcessedTime, float FailoverScore, AdapterState AdapterState);
