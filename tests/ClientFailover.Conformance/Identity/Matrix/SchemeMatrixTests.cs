using System.Net.Http.Headers;
using ClientFailover.Conformance.Running;
using Grpc.Reflection.V1Alpha;
using NUnit.Framework;

namespace ClientFailover.Conformance.Identity.Matrix;

/// <summary>
/// Every call of the contract, over REST and gRPC, for every role by every scheme, over the real thing: Basic, tokens of an OpenID
/// Connect provider, certificates that openssl made and tickets of a Kerberos realm, all at once in one service.
/// </summary>
[Platform(Include = "Linux")]
internal sealed class SchemeMatrixTests
{
    private DataFolder _folder = null!;
    private KerberosRealm _realm = null!;
    private TokenProvider _provider = null!;
    private CertificateAuthority _authority = null!;
    private RunningService _service = null!;
    private string? _configuration;

    private static IEnumerable<object[]> Callers =>
        from scheme in new[] { "None", "Basic", "Bearer", "Certificate" }
        from role in Enum.GetValues<MatrixRole>()
        where (scheme != "Basic" || role != MatrixRole.Nobody) && (scheme != "None" || role == MatrixRole.Unknown)
        select new object[] { scheme, role };

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = DataFolder.Create();
        _realm = await KerberosRealm.StartAsync("user", "administrator", "nobody");
        _provider = await TokenProvider.StartAsync(TimeSpan.FromSeconds(9));
        _authority = await CertificateAuthority.CreateAsync(_folder.File("ca"));

        // Processes that are started inherit it.
        _configuration = Environment.GetEnvironmentVariable("KRB5_CONFIG");
        Environment.SetEnvironmentVariable("KRB5_CONFIG", _realm.Configuration);
        _service = await RunningService.StartAsync(
            _folder.File("data"),
            [
                .. RunningService.Quick,
                "--AuthenticationSchemes", "Basic,Bearer,Negotiate,Certificate",
                "--BearerAuthority", _provider.Address.AbsoluteUri,
                "--BearerRequireHttps", "false",
                "--BearerAudience", TokenProvider.Audience,
                "--BearerUsers", "failover.user",
                "--BearerAdministrators", "failover.administrator",
                "--NegotiateKeytab", _realm.Keytab,
                "--NegotiateUsers", $"user@{KerberosRealm.Name}",
                "--NegotiateAdministrators", $"administrator@{KerberosRealm.Name}",
                "--ClientCertificateIssuers", _authority.Path,
                "--ClientCertificateUsers", "DNS:user.plant.example",
                "--ClientCertificateAdministrators", "DNS:administrator.plant.example",
            ]);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        Environment.SetEnvironmentVariable("KRB5_CONFIG", _configuration);
        foreach (var started in new IAsyncDisposable?[] { _service, _provider, _realm })
        {
            if (started is not null)
            {
                await started.DisposeAsync();
            }
        }

        _folder.Dispose();
    }

    [Test]
    public async Task Calls_ThatAreChecked_AreAllThatTheServiceHas()
    {
        using var caller = new Caller(_service);
        using var call = new ServerReflection.ServerReflectionClient(caller.Invoker).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.That(await call.ResponseStream.MoveNext(CancellationToken.None), Is.True);

        Assert.That(call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name), Is.SubsetOf(MatrixCalls.ServiceNames));
        Assert.That((MatrixCalls.Methods.Count, MatrixCalls.Routes.Count), Is.EqualTo((43, 56)));
    }

    [TestCaseSource(nameof(Callers))]
    public async Task EveryCall_ByTheScheme_IsAllowedOrRefusedAsDocumented(string scheme, MatrixRole role)
    {
        using var caller = await CallAsAsync(scheme, role);
        var sender = new MatrixSender(caller);
        var wrong = new List<string>();
        foreach (var route in MatrixCalls.Routes)
        {
            var answer = await sender.SendAsync(route);
            if (!answer.IsRestOf(MatrixAnswer.RefusalOf(route.Method, role)))
            {
                wrong.Add($"{route}: {answer}");
            }
        }

        foreach (var method in MatrixCalls.Methods)
        {
            var answer = await sender.SendAsync(method);
            if (!answer.IsGrpcOf(MatrixAnswer.RefusalOf(method, role)))
            {
                wrong.Add($"{method.FullName}: {answer}");
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    [TestCase(MatrixRole.Nobody)]
    [TestCase(MatrixRole.User)]
    [TestCase(MatrixRole.Administrator)]
    public async Task EveryCall_ByNegotiate_IsAllowedOrRefusedAsDocumented(MatrixRole role)
    {
        var directory = Directory.CreateDirectory(_folder.File($"curl-{role}")).FullName;
        var certificate = Directory.EnumerateFiles(Path.Combine(_service.DataDirectory, "Certificates"), "*.crt").Single();
        var batch = new CurlBatch(_realm, directory, _service.Tls, certificate);
        var routes = MatrixCalls.Routes.Select(r => (Route: r, Number: batch.Add(r))).ToList();
        var methods = MatrixCalls.Methods.Select(m => (Method: m, Number: batch.Add(m))).ToList();

        await batch.RunAsync(await _realm.LogOnAsync(role.ToString().ToLowerInvariant()));

        var wrong = routes.Select(r => (Call: r.Route.ToString(), Answer: batch.RestAnswer(r.Number), IsRight: batch.RestAnswer(r.Number).IsRestOf(MatrixAnswer.RefusalOf(r.Route.Method, role))))
            .Concat(methods.Select(m => (Call: m.Method.FullName, Answer: batch.GrpcAnswer(m.Number), IsRight: batch.GrpcAnswer(m.Number).IsGrpcOf(MatrixAnswer.RefusalOf(m.Method, role)))))
            .Where(c => !c.IsRight)
            .ToList();
        Assert.That(wrong, Is.Empty);
    }

    private async Task<Caller> CallAsAsync(string scheme, MatrixRole role) => (scheme, role) switch
    {
        ("None", _) => new Caller(_service, (AuthenticationHeaderValue?)null),

        // What says no name is refused like a wrong password, and is not limited like one.
        ("Basic", MatrixRole.Unknown) => new Caller(_service, new AuthenticationHeaderValue("Basic", "AAAA")),
        ("Basic", MatrixRole.User) => new Caller(_service, _service.User.Header),
        ("Basic", _) => new Caller(_service, _service.Administrator.Header),
        ("Bearer", MatrixRole.Unknown) => new Caller(_service, new AuthenticationHeaderValue("Bearer", "x.y.z")),
        ("Bearer", _) => new Caller(_service, new AuthenticationHeaderValue("Bearer", await _provider.GetAsync(role switch
        {
            MatrixRole.User => TokenProvider.User,
            MatrixRole.Administrator => TokenProvider.Administrator,
            _ => TokenProvider.Nobody,
        }))),
        _ => new Caller(_service, CertificateAuthority.Load(await IssueAsync(role))),
    };

    // One whose time is over is no credential.
    private Task<string> IssueAsync(MatrixRole role) =>
        _authority.IssueAsync("x", $"DNS:{role.ToString().ToLowerInvariant()}.plant.example", hasExpired: role == MatrixRole.Unknown);
}
