using System.Net.Sockets;
using System.Text;
using ClientFailover.Installation.Tests.Running;

namespace ClientFailover.Installation.Tests.Systemd;

/// <summary>Responsible for being what systemd is to a service: the other end of sd_notify(3).</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    /// <summary>Listens.</summary>
    public NotifySocket() => _socket.Bind(new UnixDomainSocketEndPoint(Path));

    /// <summary>Value of <c>NOTIFY_SOCKET</c>.</summary>
    public string Path => _folder.File("notify");

    /// <summary>The next thing that the service tells.</summary>
    public async Task<string> NextAsync()
    {
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(Shell.Patience);
        var length = await _socket.ReceiveAsync(buffer, patience.Token);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <summary>Waits until the service tells something.</summary>
    /// <param name="wanted">What.</param>
    /// <returns>What it told before, in its order.</returns>
    public async Task<IReadOnlyList<string>> UntilAsync(string wanted)
    {
        var before = new List<string>();
        while (await NextAsync() is var told && told != wanted)
        {
            before.Add(told);
        }

        return before;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _folder.Dispose();
    }
}
