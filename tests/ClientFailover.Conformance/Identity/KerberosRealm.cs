using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ClientFailover.Conformance.Running;
using ClientFailover.Testing;
using NUnit.Framework;

namespace ClientFailover.Conformance.Identity;

/// <summary>Responsible for a Kerberos realm of its own: MIT's key distribution centre on this machine, with its principals.</summary>
internal sealed class KerberosRealm : IAsyncDisposable
{
    /// <summary>Its name.</summary>
    public const string Name = "PLANT.TEST";

    private const string Packages = "krb5-kdc krb5-admin-server krb5-user curl";
    private const string Password = "planted-kerberos-password";

    private readonly DataFolder _folder;
    private Process? _centre;

    private KerberosRealm(DataFolder folder) => _folder = folder;

    /// <summary>The keys of the service.</summary>
    public string Keytab => _folder.File("service.keytab");

    /// <summary>The system's configuration for this realm.</summary>
    public string Configuration => _folder.File("krb5.conf");

    /// <summary>Makes a realm and starts its centre.</summary>
    /// <param name="principals">Who is in it.</param>
    public static async Task<KerberosRealm> StartAsync(params string[] principals)
    {
        await InstallAsync();
        var realm = new KerberosRealm(DataFolder.Create());
        var port = FreePort();
        await File.WriteAllTextAsync(realm.Configuration, $$"""
            [libdefaults]
              default_realm = {{Name}}
              dns_canonicalize_hostname = false
              rdns = false
              dns_lookup_kdc = false
            [realms]
              {{Name}} = {
                kdc = 127.0.0.1:{{port}}
              }
            [domain_realm]
              localhost = {{Name}}
            """);
        await File.WriteAllTextAsync(realm._folder.File("kdc.conf"), $$"""
            [kdcdefaults]
              kdc_listen = 127.0.0.1:{{port}}
              kdc_tcp_listen = 127.0.0.1:{{port}}
            [realms]
              {{Name}} = {
                database_name = {{realm._folder.File("principal")}}
                key_stash_file = {{realm._folder.File("stash")}}
                acl_file = {{realm._folder.File("acl")}}
                max_life = 10h
              }
            """);
        await realm.RunAsync("/usr/sbin/kdb5_util", ["-r", Name, "-P", Password, "create", "-s"]);
        await realm.RunAsync("/usr/sbin/kadmin.local", ["-r", Name, "-q", "addprinc -randkey HTTP/localhost"]);
        await realm.RunAsync("/usr/sbin/kadmin.local", ["-r", Name, "-q", $"ktadd -k {realm.Keytab} HTTP/localhost"]);
        foreach (var principal in principals)
        {
            await realm.RunAsync("/usr/sbin/kadmin.local", ["-r", Name, "-q", $"addprinc -pw {Password} {principal}"]);
        }

        realm._centre = Process.Start(realm.Prepare("/usr/sbin/krb5kdc", ["-n", "-r", Name]))!;
        _ = realm._centre.StandardOutput.ReadToEndAsync();
        _ = realm._centre.StandardError.ReadToEndAsync();
        return realm;
    }

    /// <summary>Logs somebody on, as a person does: with the password.</summary>
    /// <param name="principal">Who.</param>
    /// <returns>The file of the ticket.</returns>
    public async Task<string> LogOnAsync(string principal)
    {
        var tickets = _folder.File($"tickets-{Guid.NewGuid():N}");
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var (exitCode, output) = await TryAsync("/usr/bin/kinit", ["-c", tickets, $"{principal}@{Name}"], null, Password + "\n");
            if (exitCode == 0)
            {
                return tickets;
            }

            // The centre may still be starting.
            Assert.That(clock.Elapsed, Is.LessThan(RunningService.Patience), output);
        }
    }

    /// <summary>Runs curl as somebody.</summary>
    /// <param name="tickets">The file of the ticket; null: nobody.</param>
    /// <param name="arguments">What curl is to do.</param>
    /// <returns>What it printed.</returns>
    public Task<string> CurlAsync(string? tickets, params string[] arguments) =>
        RunAsync("/usr/bin/curl", ["-sS", "--max-time", "60", .. arguments], tickets);

    /// <summary>Runs curl as somebody, whatever comes of it: of what does not end it is told to see a part only.</summary>
    /// <param name="tickets">The file of the ticket.</param>
    /// <param name="arguments">What curl is to do.</param>
    /// <returns>What it printed.</returns>
    public async Task<string> CurlInPartAsync(string tickets, params string[] arguments) =>
        (await TryAsync("/usr/bin/curl", ["-sS", .. arguments], tickets, null)).Output;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_centre is not null)
        {
            _centre.Kill();
            await _centre.WaitForExitAsync();
            _centre.Dispose();
        }

        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Task InstallAsync() => DebianPackages.EnsureAsync(
        () => File.Exists("/usr/sbin/krb5kdc") && File.Exists("/usr/sbin/kadmin.local") && File.Exists("/usr/bin/kinit") && File.Exists("/usr/bin/curl"),
        Packages);

    private async Task<string> RunAsync(string program, string[] arguments, string? tickets = null)
    {
        var (exitCode, output) = await TryAsync(program, arguments, tickets, null);
        Assert.That(exitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}:\n{output}");
        return output;
    }

    private Task<(int ExitCode, string Output)> TryAsync(string program, string[] arguments, string? tickets, string? input)
    {
        var start = Prepare(program, arguments);
        start.Environment["KRB5CCNAME"] = tickets ?? _folder.File("no tickets");
        return EndAsync(start, input);
    }

    private ProcessStartInfo Prepare(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["KRB5_CONFIG"] = Configuration;
        start.Environment["KRB5_KDC_PROFILE"] = _folder.File("kdc.conf");
        return start;
    }

    private static async Task<(int ExitCode, string Output)> EndAsync(ProcessStartInfo start, string? input)
    {
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input ?? "");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + errors);
    }
}
