import {
  coerceInputValue,
  isInputType,
  isNonNullType,
  typeFromAST,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Variables } from './conditions.ts';
import { notCovered } from './not-covered.ts';

/** Whether variables are what the operation declares; what is wrong with others, graphql-js says better. */
export function compileVariableCheck(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
): (variables: Variables) => boolean {
  const checks = (operation.variableDefinitions ?? []).map((definition) => {
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) return notCovered('a variable that is no input');
    const name = definition.variable.name.value;
    const isRequired = isNonNullType(type);
    const isOptional = !isRequired || definition.defaultValue !== undefined;
    return (variables: Variables): boolean => {
      if (!Object.hasOwn(variables, name)) return isOptional;
      const value = variables[name];
      if (value === null) return !isRequired;
      let isValid = true;
      coerceInputValue(value, type, () => void (isValid = false));
      return isValid;
    };
  });
  return (variables) => checks.every((check) => check(variables));
}
