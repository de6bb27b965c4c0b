namespace ClientFailover.Client;

/// <summary>Responsible for collecting and egressing as role and mode demand.</summary>
public sealed class FailoverAdapter
{
}
