using ClientFailover.Conformance.Running;

namespace ClientFailover.Conformance.Streams;

/// <summary>Two adapters on streams: a, which is Primary with a score of 50, and b, which stands by with the same.</summary>
internal sealed record StreamPair(string Group, AdapterStream Primary, AdapterStream Secondary) : IDisposable
{
    /// <summary>Makes a group of two.</summary>
    /// <param name="caller">Over which connection.</param>
    /// <param name="secondaryCaller">Over which connection b comes; null: the same.</param>
    /// <param name="change">What to change about both hellos.</param>
    public static async Task<StreamPair> JoinAsync(Caller caller, Caller? secondaryCaller = null, Action<V1.Hello>? change = null)
    {
        var group = CallerActions.NewId();
        var primary = await AdapterStream.JoinAsPrimaryAsync(caller, group, "a", change);
        var secondary = await AdapterStream.JoinAsync(secondaryCaller ?? caller, group, "b", change);
        await secondary.BeatAndReadAsync(50);

        // A handover by score is judged on a report that came after the hold.
        await primary.BeatAndReadAsync(50);
        return new StreamPair(group, primary, secondary);
    }

    /// <summary>Lets b report a higher score, which starts a handover.</summary>
    public Task RaiseSecondaryAsync() => Secondary.BeatAsync(100);

    /// <inheritdoc/>
    public void Dispose()
    {
        Primary.Dispose();
        Secondary.Dispose();
    }
}
