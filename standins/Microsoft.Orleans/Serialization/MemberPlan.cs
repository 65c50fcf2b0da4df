using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Text;

namespace Orleans.Serialization;

/// <summary>Which members of a type a serialiser takes: those with an id, and a record's primary parameters; and the code that copies them.</summary>
internal sealed class MemberPlan
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly Type _type;
    private readonly List<(MemberInfo Member, Type Type, ValueCopier? Copier)> _members = [];

    public MemberPlan(Type type, bool throughWire)
    {
        _type = type;
        for (var t = type; t is not null && t != typeof(object) && t != typeof(ValueType); t = t.BaseType)
        {
            var isOfPlatform = t.Namespace?.StartsWith("System", StringComparison.Ordinal) == true;
            if (isOfPlatform || Copiers.HasSerializer(t))
            {
                Add(t, isOfPlatform, throughWire);
            }
        }
    }

    public bool IsShallow => _members.All(m => m.Copier is null);

    /// <summary>A method that copies the members of one object to another one: (source, target, copiers, context).</summary>
    public TDelegate Compile<TDelegate>(out ValueCopier[] copiers)
        where TDelegate : Delegate
    {
        var parameters = typeof(TDelegate).GetMethod("Invoke")!.GetParameters().Select(p => p.ParameterType).ToArray();
        var method = new DynamicMethod($"Copy_{_type.Name}", null, parameters, typeof(MemberPlan).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var used = new List<ValueCopier>();
        foreach (var (member, type, copier) in _members)
        {
            il.Emit(OpCodes.Ldarg_1);
            if (copier is not null)
            {
                il.Emit(OpCodes.Ldarg_2);
                il.Emit(OpCodes.Ldc_I4, used.Count);
                il.Emit(OpCodes.Ldelem_Ref);
                used.Add(copier);
            }

            il.Emit(OpCodes.Ldarg_0);
            EmitRead(il, member);
            if (copier is not null)
            {
                il.Emit(OpCodes.Ldarg_3);
                il.Emit(OpCodes.Callvirt, typeof(ValueCopier<>).MakeGenericType(type).GetMethod("Copy")!);
            }

            EmitWrite(il, member);
        }

        il.Emit(OpCodes.Ret);
        copiers = [.. used];
        return method.CreateDelegate<TDelegate>();
    }

    private static void EmitRead(ILGenerator il, MemberInfo member)
    {
        if (member is FieldInfo field)
        {
            il.Emit(OpCodes.Ldfld, field);
        }
        else
        {
            il.Emit(OpCodes.Call, ((PropertyInfo)member).GetGetMethod(true)!);
        }
    }

    private static void EmitWrite(ILGenerator il, MemberInfo member)
    {
        if (member is FieldInfo field)
        {
            il.Emit(OpCodes.Stfld, field);
        }
        else
        {
            il.Emit(OpCodes.Call, ((PropertyInfo)member).GetSetMethod(true)!);
        }
    }

    private void Add(Type type, bool allFields, bool throughWire)
    {
        var properties = type.GetProperties(Declared);
        var primary = PrimaryParametersOf(type, properties);
        var everyProperty = type.GetCustomAttribute<GenerateSerializerAttribute>()?.GenerateFieldIds == GenerateFieldIds.PublicProperties;
        var fields = type.GetFields(Declared);
        foreach (var field in fields)
        {
            if (allFields || field.IsDefined(typeof(IdAttribute)))
            {
                Add(field, field.FieldType, field, throughWire);
            }
        }

        foreach (var property in allFields ? [] : properties)
        {
            var isTaken = property.IsDefined(typeof(IdAttribute)) || primary.Contains(property.Name)
                || (everyProperty && property.GetMethod is { IsPublic: true } && property.SetMethod is not null);
            if (!isTaken)
            {
                continue;
            }

            var backing = fields.FirstOrDefault(f => f.Name == $"<{property.Name}>k__BackingField");
            Add((MemberInfo?)backing ?? property, property.PropertyType, property, throughWire);
        }
    }

    private void Add(MemberInfo member, Type type, MemberInfo annotated, bool throughWire)
    {
        var isImmutable = !throughWire && annotated.IsDefined(typeof(ImmutableAttribute));
        var copier = isImmutable ? null : Copiers.For(type, throughWire);
        _members.Add((member, type, copier is { IsShallow: true } ? null : copier));
    }

    private static HashSet<string> PrimaryParametersOf(Type type, PropertyInfo[] properties)
    {
        var isRecord = type.GetMethod("PrintMembers", Declared, [typeof(StringBuilder)]) is { } print
            && print.IsDefined(typeof(CompilerGeneratedAttribute));
        if (!isRecord && type.GetCustomAttribute<GenerateSerializerAttribute>()?.IncludePrimaryConstructorParameters != true)
        {
            return [];
        }

        return type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(c => c.GetParameters())
            .Where(ps => ps.Length > 0 && ps.All(p => properties.Any(q => q.Name == p.Name && q.PropertyType == p.ParameterType)))
            .MaxBy(ps => ps.Length)?
            .Select(p => p.Name!)
            .ToHashSet() ?? [];
    }
}
