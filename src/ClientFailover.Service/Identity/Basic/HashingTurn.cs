using System.Net;

namespace ClientFailover.Service.Identity.Basic;

/// <summary>The turn of one credential in the <see cref="HashingQueue"/>.</summary>
/// <param name="name">The name it is for.</param>
/// <param name="network">From where it came.</param>
/// <param name="isKnown">Whether it waits with those that are known.</param>
internal sealed class HashingTurn(string name, IPAddress network, bool isKnown)
{
    // Whoever lets the next begin holds a lock, and must not do the next one's work.
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The name it is for.</summary>
    public string Name => name;

    /// <summary>From where it came.</summary>
    public IPAddress Network => network;

    /// <summary>Whether it waits with those that are known.</summary>
    public bool IsKnown => isKnown;

    /// <summary>Completes when the turn has come.</summary>
    public Task Begun => _begun.Task;

    /// <summary>The turn has come.</summary>
    public void Begin() => _begun.SetResult();
}
