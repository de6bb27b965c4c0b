using ClientFailover.Conformance.Running;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Conformance.Streams;

/// <summary>Two adapters on streams: a, which is Primary with a score of 50, and b, which stands by with the same.</summary>
internal sealed record StreamPair(Caller Caller, string Group, AdapterStream Primary, AdapterStream Secondary) : IDisposable
{
    /// <summary>Makes a group of two.</summary>
    public static async Task<StreamPair> JoinAsync(Caller caller, TimeSpan? timeout = null)
    {
        var group = CallerActions.NewId();
        var primary = await AdapterStream.JoinAsPrimaryAsync(caller, group, "a", Change);
        var secondary = await AdapterStream.JoinAsync(caller, group, "b", Change);
        await secondary.BeatAndReadAsync(50);

        // A handover by score is judged on a report that came after the hold.
        await primary.BeatAndReadAsync(50);
        return new StreamPair(caller, group, primary, secondary);

        void Change(V1.Hello hello) => hello.Group.FailoverTimeout = Duration.FromTimeSpan(timeout ?? CallerActions.Long);
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
