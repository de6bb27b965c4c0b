using System.Globalization;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Transport.Validation;

/// <summary>What an access control list may be. A list is read whole or not at all: a slip in it could lock adapters out.</summary>
internal static class AccessListRules
{
    /// <summary>The most entries of a list.</summary>
    public const int MaximumEntries = 1000;

    private const int MaximumObjectId = 256;

    // Of a long list that is wrong throughout, the first few tell what is wrong; all of them are no answer.
    private const int MostViolations = 10;

    private const string Member = "RoleTrusteeAccessControlEntries";
    private const string Field = "access_control_list.role_trustee_access_control_entries";

    /// <summary>Checks a list.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="list">The list; null when absent.</param>
    /// <returns>The list; of use only when nothing is wrong.</returns>
    public static AccessList Read(ref Violations violations, V1.AccessControlList? list)
    {
        if (list is not { RoleTrusteeAccessControlEntries: { Count: >= 1 and <= MaximumEntries } entries })
        {
            violations.Add(Member, Field, $"must have 1 to {MaximumEntries} entries");
            return AccessList.Default;
        }

        var found = new HashSet<AccessEntry>();
        var read = new List<AccessEntry>(entries.Count);
        for (var i = 0; i < entries.Count && violations.Count < MostViolations; i++)
        {
            var (member, field) = (At(Member, i), At(Field, i));
            var entry = Read(ref violations, entries[i], member, field);
            if (!found.Add(entry with { Rights = AccessRights.None, ObjectId = Upper(entry.ObjectId), TenantId = entry.TenantId is { } t ? Upper(t) : null }))
            {
                violations.Add(member, field, "must not have the trustee and AccessType of an earlier entry");
            }

            read.Add(entry);
        }

        return new AccessList(read);
    }

    private static AccessEntry Read(ref Violations violations, V1.AccessControlEntry entry, string member, string field)
    {
        var trustee = entry.Trustee ?? new V1.Trustee();
        if (!Enum.IsDefined((TrusteeType)trustee.Type))
        {
            violations.Add($"{member}.Trustee.Type", $"{field}.trustee.type", "is required and must be User (1), Client (2) or Role (3)");
        }

        CheckObjectId(ref violations, trustee, $"{member}.Trustee.ObjectId", $"{field}.trustee.object_id");
        if (trustee.HasTenantId)
        {
            IdRules.Check(ref violations, trustee.TenantId, $"{member}.Trustee.TenantId", $"{field}.trustee.tenant_id");
        }

        if (!Enum.IsDefined(entry.AccessType))
        {
            violations.Add($"{member}.AccessType", $"{field}.access_type", "must be Allowed (0) or Denied (1)");
        }

        if ((entry.AccessRights & ~(long)AccessRights.All) != 0)
        {
            violations.Add(
                $"{member}.AccessRights",
                $"{field}.access_rights",
                "must be a sum of Read (1), Write (2), Delete (4), ManageAccessControl (8) and Share (16)");
        }

        var result = new AccessEntry(
            (TrusteeType)trustee.Type,
            trustee.ObjectId,
            trustee.HasTenantId ? trustee.TenantId : null,
            entry.AccessType == V1.AccessType.Denied,
            (AccessRights)(entry.AccessRights & (long)AccessRights.All));
        if (result is { IsDenied: true, Type: TrusteeType.Role } && Is(result.ObjectId, Roles.Administrators)
            && (result.Rights & AccessList.KeptByAdministrators) != 0)
        {
            violations.Add(
                $"{member}.AccessRights",
                $"{field}.access_rights",
                "must not deny Read (1) or ManageAccessControl (8) to the administrators: they always keep these, or nobody could set another list");
        }

        return result;
    }

    private static void CheckObjectId(ref Violations violations, V1.Trustee trustee, string member, string field)
    {
        if (trustee.Type == V1.TrusteeType.Role)
        {
            // Another would match nobody, and a role that was misspelt would not be denied what was meant.
            if (!Roles.All.Any(r => Is(r, trustee.ObjectId)))
            {
                violations.Add(member, field, $"must be the name of a role: {string.Join(" or ", Roles.All)}");
            }
        }
        else if (trustee.ObjectId.Length is 0 or > MaximumObjectId || trustee.ObjectId.Any(char.IsControl) || !TextRules.IsWellFormed(trustee.ObjectId))
        {
            violations.Add(member, field, $"must be well-formed text of 1 to {MaximumObjectId} characters, none of them a control character");
        }
    }

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string Upper(string text) => text.ToUpperInvariant();

    private static string At(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]");
}
