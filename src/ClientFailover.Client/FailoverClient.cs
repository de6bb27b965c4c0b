namespace ClientFailover.Client;

/// <summary>Responsible for an adapter's membership of its group.</summary>
public sealed class FailoverClient
{
}
