using System.Text;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Identity.Bearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity.Bearer;

public sealed class TokenClaimsTests
{
    [TestCase("""{"sub":"c1","client_id":"c1"}""", CallerKind.Client, "c1", "c1")]
    [TestCase("""{"azp":"c1"}""", CallerKind.Client, "c1", "c1")]
    [TestCase("""{"appid":"c1","sub":"s","oid":"o","idtyp":"app"}""", CallerKind.Client, "c1", "c1")]
    [TestCase("""{"sub":"u1","client_id":"web"}""", CallerKind.User, "u1", "u1")]
    [TestCase("""{"sub":"pairwise","oid":"u1","azp":"web","preferred_username":"ann@plant"}""", CallerKind.User, "u1", "ann@plant")]
    [TestCase("""{"sub":"u1","name":"Ann\nPrimary"}""", CallerKind.User, "u1", "Ann?Primary")]
    public void Read_Subject_IsAUserOrAClient(string payload, object kind, string id, string name)
    {
        var caller = Read(payload)!;

        Assert.That((caller.Kind, caller.ObjectId, caller.Name, caller.Scheme), Is.EqualTo(((CallerKind)kind, id, name, "Bearer")));
    }

    [TestCase("{}")]
    [TestCase("""{"sub":""}""")]
    [TestCase("""{"sub":17}""")]
    public void Read_NobodyNamed_IsNobody(string payload) => Assert.That(Read(payload), Is.Null);

    [TestCase("roles", """{"roles":["AVEVAFailoverUsers","x"]}""", "U")]
    [TestCase("roles", """{"roles":"AVEVAFailoverAdministrators"}""", "A")]
    [TestCase("roles", """{"roles":["AVEVAFailoverUsers","AVEVAFailoverAdministrators"]}""", "UA")]
    [TestCase("roles", """{"roles":["averafailoverusers"]}""", "")]
    [TestCase("roles", """{"roles":{"AVEVAFailoverUsers":true}}""", "")]
    [TestCase("roles", """{"roles":[["AVEVAFailoverUsers"],1,null]}""", "")]
    [TestCase("roles", """{"roles":"AVEVAFailoverUsers x"}""", "")]
    [TestCase("scope", """{"scope":"openid AVEVAFailoverUsers"}""", "U")]
    [TestCase("https://plant.example/roles", """{"https://plant.example/roles":["AVEVAFailoverUsers"]}""", "U")]
    [TestCase("realm_access.roles", """{"realm_access":{"roles":["AVEVAFailoverUsers"]}}""", "U")]
    [TestCase("realm_access.roles", """{"realm_access":["AVEVAFailoverUsers"]}""", "")]
    [TestCase("realm_access.roles", "{}", "")]
    public void Read_RoleClaim_MappedValuesAreRoles(string claim, string payload, string roles)
    {
        var caller = Read(payload.Insert(1, payload == "{}" ? "\"sub\":\"u\"" : "\"sub\":\"u\","), new ServiceOptions { BearerRoleClaim = claim })!;

        Assert.That(string.Concat(caller.Roles.Select(r => r == Roles.Users ? 'U' : 'A')), Is.EqualTo(roles));
    }

    [Test]
    public void Read_MappingOfTheSettings_Counts()
    {
        var options = new ServiceOptions { BearerUsers = "operator; plant user", BearerAdministrators = "boss" };

        Assert.That(Read("""{"sub":"u","roles":["plant user"]}""", options)!.Roles, Is.EqualTo(new[] { Roles.Users }));
        Assert.That(Read("""{"sub":"u","roles":["boss"]}""", options)!.IsAdministrator, Is.True);
        Assert.That(Read("""{"sub":"u","roles":["AVEVAFailoverAdministrators"]}""", options)!.Roles, Is.Empty);
    }

    [TestCase("""{"sub":"u","roles":["AVEVAFailoverUsers"],"tid":"t1"}""", "t1", 1)]
    [TestCase("""{"sub":"u","roles":["AVEVAFailoverUsers"]}""", null, 0)]
    public void Read_TenantClaimAsked_WithoutItNoRole(string payload, string? tenant, int roles)
    {
        var caller = Read(payload, new ServiceOptions { BearerTenantClaim = "tid" })!;

        Assert.That((caller.TenantId, caller.Roles.Count), Is.EqualTo((tenant, roles)));
    }

    private static Caller? Read(string payload, ServiceOptions? options = null) => new TokenClaims(options ?? new ServiceOptions()).Read(
        new JsonWebToken($"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(payload))}."));
}
