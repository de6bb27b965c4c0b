using ClientFailover.Client.Buffering;
using ClientFailover.Client.Connection;
using ClientFailover.Client.Testing;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Hosting;

/// <summary>Responsible for the parts of an adapter that tests replace.</summary>
internal static class Parts
{
    public static IItemBuffer Buffer(FailoverOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        FailoverOptionsRules.ThrowIfWrong(options);
        return new HotBuffer(DirectoryOf(options), options.Buffer, options.SourceTimestamps, time, loggers.CreateLogger<HotBuffer>());
    }

    public static IMembership Membership(
        FailoverOptions options, IFailoverMember member, TimeProvider time, ILoggerFactory loggers, FakeFailoverService? service) =>
        new ClientMembership(new FailoverClient(options, member, time, loggers, service));

    private static string DirectoryOf(FailoverOptions options)
    {
        if (options.Buffer.Directory is { Length: > 0 } directory)
        {
            return directory;
        }

        var root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        if (root.Length == 0)
        {
            throw new InvalidOperationException("This account has no folder for application data. Set Buffer.Directory.");
        }

        // An id of a session may hold what a name of a folder may not.
        var session = options.SessionId is { Length: > 0 } id ? id : AdapterProgram.SessionId;
        var invalid = Path.GetInvalidFileNameChars();
        return Path.Combine(root, "client-failover", string.Concat(session.Select(c => invalid.Contains(c) ? '_' : c)));
    }

    private sealed class ClientMembership(FailoverClient client) : IMembership
    {
        public IFailoverClient Client => client;

        public void Start() => client.Start();

        public async Task StopAsync(CancellationToken cancellation)
        {
            await client.StopAsync(unregister: true, cancellation).ConfigureAwait(false);
            await client.DisposeAsync().ConfigureAwait(false);
        }
    }
}
