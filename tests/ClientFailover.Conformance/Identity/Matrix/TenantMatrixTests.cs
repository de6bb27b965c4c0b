using System.Net;
using System.Net.Http.Json;
using ClientFailover.Conformance.Running;
using Google.Protobuf.Reflection;
using NUnit.Framework;

namespace ClientFailover.Conformance.Identity.Matrix;

/// <summary>
/// Every call of the contract on a tenant's path, over REST and gRPC, for every role of callers of that tenant, of another one, of none
/// though the service asks for one, and of the service itself.
/// </summary>
internal sealed class TenantMatrixTests : BearerService
{
    private const string Own = TokenProvider.Tenant;
    private const string Other = "delta";
    private const string None = "none";
    private const string TheService = "the service";
    private const string Namespace = "plant";
    private const string Default = "default";

    // What is there, and what is not: a tenant's name in another case is the same tenant's.
    private static readonly (string Tenant, string Namespace)[] Paths =
    [
        (Own, Namespace), (Own.ToUpperInvariant(), Namespace.ToUpperInvariant()), (Own, "nowhere"), ("nobody", Namespace), (Default, Default),
    ];

    private static IEnumerable<object[]> Callers =>
        from whose in new[] { Own, Other, None, TheService }
        from role in new[] { MatrixRole.Nobody, MatrixRole.User, MatrixRole.Administrator }
        where whose != TheService || role != MatrixRole.Nobody
        select new object[] { whose, role };

    private protected override string[] Settings => ["--BearerTenantClaim", TokenProvider.TenantClaim];

    [OneTimeSetUp]
    public async Task MakeTenantsAsync()
    {
        using var administrator = new Caller(Service);
        foreach (var tenant in new[] { Own, Other })
        {
            await MakeAsync("/api/v1/tenants", tenant);
            await MakeAsync($"/api/v1/tenants/{tenant}/namespaces", Namespace);
        }

        async Task MakeAsync(string path, string id)
        {
            using var response = await administrator.Rest.PostAsJsonAsync(new Uri(path, UriKind.Relative), new { Id = id });
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        }
    }

    [TestCaseSource(nameof(Callers))]
    public async Task EveryCall_OnATenantsPath_IsAllowedOrRefusedAsDocumented(string whose, MatrixRole role)
    {
        using var caller = await CallAsAsync(whose, role);
        var sender = new MatrixSender(caller);
        var wrong = new List<string>();
        foreach (var (tenant, @namespace) in Paths)
        {
            foreach (var route in MatrixCalls.RoutesOf(tenant, @namespace))
            {
                var answer = await sender.SendAsync(route);
                var mayUse = route.NamesATenant ? MayUse(whose, role, tenant, @namespace) : MayUse(whose, role, Default, Default);
                if (!answer.IsRestOf(RefusalOf(route.Method, whose, role, mayUse)))
                {
                    wrong.Add($"{route}: {answer}");
                }
            }

            foreach (var method in MatrixCalls.Methods)
            {
                var answer = await sender.SendAsync(method, MatrixCalls.MessageOf(method, tenant, @namespace));
                if (!answer.IsGrpcOf(RefusalOf(method, whose, role, MayUse(whose, role, tenant, @namespace))))
                {
                    wrong.Add($"{method.FullName} of {tenant}/{@namespace}: {answer}");
                }
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    /// <summary>By the documentation: what a tenant or namespace that is not there, and somebody else's, answer is the same.</summary>
    private static bool MayUse(string whose, MatrixRole role, string tenant, string @namespace)
    {
        var isDefault = (tenant, @namespace) == (Default, Default);
        var isThere = isDefault || (AreSame(@namespace, Namespace) && (AreSame(tenant, Own) || AreSame(tenant, Other)));
        return isThere && (whose == TheService ? isDefault || role == MatrixRole.Administrator : AreSame(tenant, whose));
    }

    private static bool AreSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string? RefusalOf(MethodDescriptor method, string whose, MatrixRole role, bool mayUse)
    {
        // A token that does not say of which tenant it is gives no role.
        if (MatrixAnswer.RefusalOf(method, whose == None ? MatrixRole.Nobody : role) is { } refusal)
        {
            return refusal;
        }

        if (MatrixCalls.IsOfTheService(method))
        {
            return whose == TheService ? null : "ROLE_MISSING";
        }

        return MatrixCalls.IsOfANamespace(method) && !mayUse ? "NAMESPACE_DENIED" : null;
    }

    private async Task<Caller> CallAsAsync(string whose, MatrixRole role)
    {
        if (whose == TheService)
        {
            return new Caller(Service, (role == MatrixRole.User ? Service.User : Service.Administrator).Header);
        }

        var client = role switch
        {
            MatrixRole.User => TokenProvider.User,
            MatrixRole.Administrator => TokenProvider.Administrator,
            _ => TokenProvider.Nobody,
        };
        return await CallAsAsync(whose == None ? client : TokenProvider.Of(client, whose));
    }
}
