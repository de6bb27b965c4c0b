namespace ClientFailover.Samples.Source;

/// <summary>Where signals go.</summary>
internal interface IOutlet : IAsyncDisposable
{
    /// <summary>Its name for people.</summary>
    string Name { get; }

    /// <summary>Connects, anew if need be.</summary>
    Task ConnectAsync(CancellationToken cancellation);

    /// <summary>Hands on the ticks from the first to the last, and returns when they are there; after an error they come again.</summary>
    Task SendAsync(uint first, uint last, CancellationToken cancellation);
}
