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
        return new HotBuffer(
            DirectoryOf(options), options.Buffer, options.SourceTimestamps, time, loggers.CreateLogger<HotBuffer>(), former: FormerDirectoryOf(options));
    }

    public static IMembership Membership(
        FailoverOptions options, IFailoverMember member, TimeProvider time, ILoggerFactory loggers, FakeFailoverService? service) =>
        new ClientMembership(new FailoverClient(options, member, time, loggers, service));

    /// <summary>Where an adapter's buffer is: the configured folder, or one for its group and session.</summary>
    /// <exception cref="InvalidOperationException">None is configured, and the account has no folder for application data.</exception>
    public static string DirectoryOf(FailoverOptions options)
    {
        if (options.Buffer.Directory is { Length: > 0 } directory)
        {
            return directory;
        }

        // Ids of sessions are unique within a group only.
        return Path.Combine(Root(), FolderOf(options.FailoverGroupId), FolderOf(SessionOf(options)));
    }

    /// <summary>Where earlier versions kept it, by the session alone; null: where it is configured to be, as now.</summary>
    public static string? FormerDirectoryOf(FailoverOptions options)
    {
        if (options.Buffer.Directory is { Length: > 0 })
        {
            return null;
        }

        var invalid = Path.GetInvalidFileNameChars();
        return Path.Combine(Root(), string.Concat(SessionOf(options).Select(c => invalid.Contains(c) ? '_' : c)));
    }

    private static string Root()
    {
        var root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return root.Length > 0
            ? Path.Combine(root, "client-failover")
            : throw new InvalidOperationException("This account has no folder for application data. Set Buffer.Directory.");
    }

    private static string SessionOf(FailoverOptions options) => options.SessionId is { Length: > 0 } id ? id : AdapterProgram.SessionId;

    // An id may hold what a name of a folder may not. No two ids get the same folder: none has a % of its own.
    private static string FolderOf(string id)
    {
        var invalid = Path.GetInvalidFileNameChars();
        return string.Concat(id.Select(c => invalid.Contains(c) ? Uri.HexEscape(c) : c.ToString()));
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
