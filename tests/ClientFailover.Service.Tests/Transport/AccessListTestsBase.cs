using Google.Protobuf;
using Google.Protobuf.Reflection;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport;

/// <summary>What tests of access control lists have in common; each leaves the collection with the default list.</summary>
public abstract class AccessListTestsBase : ApiTests
{
    private protected const string Base = "/api/v1/clientfailover/groups";
    private protected const string Collection = "/api/v1/accesscontrol/clientfailover/groups";
    private protected const string DefaultList =
        """
        {"RoleTrusteeAccessControlEntries":[{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverAdministrators"},"AccessType":0,"AccessRights":31},{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverUsers"},"AccessType":0,"AccessRights":3}]}
        """;

    [TearDown]
    public Task ResetAsync() => MustAsync(Admin, "PUT", Collection, DefaultList);

    private protected static readonly MethodDescriptor Connect = V1.AdapterService.Descriptor.FindMethodByName("Connect");

    private protected static byte[] Bytes(IMessage message) => message.ToByteArray();

    private protected static string Denying(int rights) =>
        """{"RoleTrusteeAccessControlEntries":[{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverAdministrators"},"AccessType":0,"AccessRights":31},"""
        + """{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverUsers"},"AccessType":0,"AccessRights":3},"""
        + $$"""{"Trustee":{"Type":1,"ObjectId":"adapter"},"AccessType":1,"AccessRights":{{rights}}}]}""";

    private protected Task<string> DenyAsync(string path, int rights) => MustAsync(Admin, "PUT", path, Denying(rights));
}
