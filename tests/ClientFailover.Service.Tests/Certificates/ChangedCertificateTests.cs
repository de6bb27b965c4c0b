using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ClientFailover.Service.Audit;
using ClientFailover.Service.Certificates;
using ClientFailover.Service.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Certificates;

/// <summary>The web server itself, with a certificate that changes under it.</summary>
public class ChangedCertificateTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [TestCase("1.1")]
    [TestCase("2.0")]
    public async Task Change_WhileAStreamIsOpen_IsForNewConnectionsOnly(string version)
    {
        using var directory = new TemporaryDirectory();
        using var data = DataDirectory.Open(directory.Path);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var next = new SemaphoreSlim(0);
        await using var app = Create(data, time);
        app.Run(async http =>
        {
            while (true)
            {
                await http.Response.WriteAsync("line\n", http.RequestAborted);
                await next.WaitAsync(http.RequestAborted);
            }
        });
        await app.StartAsync();
        var port = new Uri(app.Services.GetRequiredService<Listeners>().Addresses.Single().Address).Port;
        var certificates = app.Services.GetRequiredService<ServerCertificates>();
        var generated = certificates.Current.Certificate.Certificate.Thumbprint;
        using var http = Client(generated, Version.Parse(version));
        await using var open = await http.GetStreamAsync(new Uri($"https://127.0.0.1:{port}"));
        await UntilLineAsync(open);

        var supplied = CertificateFiles.Supply(directory, "site", time.GetUtcNow().AddDays(-1), time.GetUtcNow().AddYears(1));
        Assert.That(
            () =>
            {
                time.Advance(CertificateWatch.Interval);
                return certificates.Current.Certificate.Name;
            },
            Is.EqualTo("site").After(60_000, 10));

        await using var @new = await ConnectAsync(port, supplied);
        next.Release();
        await UntilLineAsync(open);
        Assert.That(supplied, Is.Not.EqualTo(generated));
    }

    private static WebApplication Create(DataDirectory data, TimeProvider time)
    {
        var settings = SettingsReader.Read(["--DataDirectory", data.Path, "--Address", "127.0.0.1", "--Port", "0"], data.Path);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.AddFailoverHosting(settings, data);
        builder.Services.AddAudit();
        builder.Services.AddSingleton(time);
        return builder.Build();
    }

    private static HttpClient Client(string thumbprint, Version version) => new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == thumbprint },
    })
    {
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = Patience,
    };

    /// <summary>Connects, which fails if another certificate is shown.</summary>
    private static async Task<SslStream> ConnectAsync(int port, string thumbprint)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown?.GetCertHashString() == thumbprint);
        await stream.AuthenticateAsClientAsync("localhost").WaitAsync(Patience);
        return stream;
    }

    private static async Task UntilLineAsync(Stream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[1024];
        while (!text.ToString().Contains("line\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer).AsTask().WaitAsync(Patience);
            Assert.That(read, Is.GreaterThan(0), text.ToString());
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
    }
}
